import { startOfShanghaiDay } from '@haochaping/rules'
import { shanghaiDay } from '../../platform/time.ts'
import { shanghaiTime } from './case.checks.ts'
import type { Policies } from './case.clock.ts'
import type { HistoryEntry } from './rectification.store.ts'

const hourOf = (time: string) => Number(time.slice(0, 2))

/**
 * What the rules say of calling back (R20, P6): between which hours, how often a day, and how often each person may
 * still be called today. The guards of the case hold the same when a call is recorded.
 */
export async function callingRules(
  policies: Policies,
  regionCode: string,
  entries: HistoryEntry[],
  now: Date,
) {
  const number = async (key: string) => (await policies.value(key, regionCode, now)).value
  const [from, to, perDay] = [
    await number('calling_from'),
    await number('calling_to'),
    await number('contact_attempts_per_day'),
  ]
  const within = (time: string) => hourOf(time) >= from && hourOf(time) < to
  const since = startOfShanghaiDay(shanghaiDay(now))
  const today = entries.filter((entry) => entry.kind === 'case.record_contact' && entry.recorded_at >= since)
  return {
    calling: { from, to, perDay, open: within(shanghaiTime(now)) },
    /** whether a call at this time of a day was within the hours */
    within,
    /** a call of which it is not said to whom counts for everybody */
    leftToday: (person: string) =>
      Math.max(0, perDay - today.filter(({ payload }) => (payload.evaluator ?? person) === person).length),
  }
}
