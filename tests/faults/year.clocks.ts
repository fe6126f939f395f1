import {
  ALARM_MARKS,
  type AlarmMark,
  CASE_CLOCKS,
  type CaseClockKey,
  type Clock,
  isWorkingTime,
  nextAlarm,
  nextWorkingTime,
  type WorkCalendar,
} from '@haochaping/rules'
import type { Finished } from './year.check.ts'

const SHOWN = 20
type Kept = Clock & { key: CaseClockKey; late: boolean }
interface Row {
  id: string
  clocks: Kept[]
}
/** How often the journal says that an alarm of a kind of clock was given for a case. */
type Given = Map<string, number>

/** The keeper comes twice a working day at least, with less than five hours between. */
const GRACE_MS = 5 * 3_600_000

const DAY_MS = 86_400_000

const atOf = (clock: Kept, mark: AlarmMark) => clock.fired.find((alarm) => alarm.mark === mark)?.at

/** When an alarm had to be given at the latest, had the clock run on; null when its days were not all counted. */
function latest(clock: Kept, mark: AlarmMark, calendar: WorkCalendar, escalation: Escalation): Date | null {
  if (clock.dueAt === null) return null
  const before = ALARM_MARKS.slice(0, ALARM_MARKS.indexOf(mark)).map((each) => ({ mark: each, at: '' }))
  const next = nextAlarm({ ...clock, stoppedAt: null, fired: before }, calendar, escalation)
  if (next?.mark !== mark) return null
  // While it stood still nobody was told; a hall's own opening days are no working hours of the keeper.
  let at = next.at
  for (const { from, to } of clock.pauses)
    if (to !== null && at.toISOString() >= from && at.toISOString() < to) at = new Date(to)
  const late = new Date(nextWorkingTime(calendar, at).getTime() + GRACE_MS)
  // In the afternoon he is waited for until the middle of the next working day.
  return isWorkingTime(calendar, late) ? late : new Date(nextWorkingTime(calendar, late).getTime() + GRACE_MS)
}

interface Escalation {
  district: number
  city: number
}

/** What one clock has or lacks. */
function wrongWith(clock: Kept, now: Date, calendar: WorkCalendar, escalation: Escalation): string[] {
  const name = CASE_CLOCKS[clock.key].label
  const marks = clock.fired.map(({ mark }) => mark)
  const wrong: string[] = []
  if (new Set(marks).size !== marks.length) wrong.push(`“${name}” gave an alarm twice: ${marks.join(', ')}`)
  if (CASE_CLOCKS[clock.key].awaits === 'citizen')
    return marks.length > 0 ? [...wrong, `“${name}” gave an alarm for the citizen’s days`] : wrong
  const ended = clock.stoppedAt ?? now.toISOString()
  for (const mark of ALARM_MARKS) {
    const at = latest(clock, mark, calendar, escalation)
    if (at && at.toISOString() < ended && !marks.includes(mark))
      wrong.push(`“${name}” of ${clock.startedAt} ran past ${mark}, and nobody was told`)
    const given = atOf(clock, mark)
    if (given && !isWorkingTime(calendar, new Date(given)))
      wrong.push(`“${name}” gave its alarm ${mark} outside working hours, at ${given}`)
  }
  const { awaits } = CASE_CLOCKS[clock.key]
  const overdue = clock.dueAt !== null && clock.dueAt < ended
  // Stopped by the very act that noted it, or by the keeper after midnight.
  const noted = clock.stoppedAt !== null || Date.parse(clock.dueAt ?? ended) + DAY_MS < now.getTime()
  if (overdue && noted && !clock.late && (awaits === 'handler' || awaits === 'management'))
    wrong.push(`“${name}” of ${clock.startedAt} ran out, and was not noted as late`)
  return wrong
}

/**
 * Every clock of every case gave each of its alarms at most once, in working hours, and exactly once where it ran past
 * the mark; the journal has an entry for each and no other (R15, R20).
 */
export async function alarms({ rows, services, app, now }: Finished): Promise<string[]> {
  const calendar = await services.policies.calendar()
  const value = async (key: string) => (await services.policies.value(key, app.config.cityRegion, now)).value
  const escalation = { district: await value('escalate_district'), city: await value('escalate_city') }
  const given: Given = new Map(
    (
      await rows<{ key: string; n: number }>(`select subject_id || ' ' || (payload ->> 'clock') || ' '
        || (payload ->> 'mark') as key, count(*)::int as n from journal_entry
        where kind in ('case.warned', 'case.escalated') group by 1`)
    ).map(({ key, n }) => [key, n]),
  )
  const noted: Given = new Map(
    (
      await rows<{ key: string; n: number }>(`select subject_id || ' ' || k.key as key, count(*)::int as n
        from journal_entry, jsonb_array_elements_text(payload -> 'clocksLate') k(key)
        where kind = 'case.overdue' group by 1`)
    ).map(({ key, n }) => [key, n]),
  )
  const wrong: string[] = []
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const found = await rows<Row>(
      'select evaluation_id as id, clocks from rectification_case where evaluation_id > $1 order by 1 limit 500',
      [after],
    )
    const last = found.at(-1)
    if (!last) break
    for (const { id, clocks } of found) {
      const say = (what: string) => wrong.push(`${id}: ${what}`)
      for (const clock of clocks) for (const what of wrongWith(clock, now, calendar, escalation)) say(what)
      for (const [key, own] of Map.groupBy(clocks, (clock) => clock.key)) {
        for (const mark of ALARM_MARKS) {
          const fired = own.filter((clock) => atOf(clock, mark)).length
          const told = given.get(`${id} ${key} ${mark}`) ?? 0
          given.delete(`${id} ${key} ${mark}`)
          if (told !== fired) say(`“${key}” gave ${mark} ${fired} times, the journal says ${told}`)
        }
        const [late, entries] = [own.filter((clock) => clock.late).length, noted.get(`${id} ${key}`) ?? 0]
        noted.delete(`${id} ${key}`)
        // A clock that was given more time is late no longer, and may be noted again.
        const again = own.some((clock) => clock.pauses.length > 0)
        if (again ? entries < late : entries !== late)
          say(`“${key}” is late ${late} times, the journal says ${entries}`)
      }
    }
    after = last.id
  }
  for (const key of [...given.keys(), ...noted.keys()])
    wrong.push(`${key}: an alarm of a clock that is not there`)
  return wrong.slice(0, SHOWN)
}

/** A deadline that crosses a year whose holidays are not known says so, and one that does not, does not. */
export async function provisional({ rows, services }: Finished): Promise<string[]> {
  const { years } = await services.policies.calendar()
  const found = await rows<Row & { missing_years: number[] }>(
    "select evaluation_id as id, clocks, missing_years from rectification_case where state <> 'closed'",
  )
  return found
    .flatMap(({ id, clocks, missing_years }) => {
      const running = clocks.filter((clock) => clock.stoppedAt === null)
      const crossed = running
        .filter(({ until, unit }) => until === null && unit === 'working_day')
        .flatMap(({ days }) =>
          days.map(({ date }) => Number(date.slice(0, 4))).filter((year) => !years.has(year)),
        )
      const unknown = [...new Set(crossed)].sort()
      const told = [
        ...new Set(running.flatMap((clock) => (clock.provisional ? clock.missingYears : []))),
      ].sort()
      return String(unknown) === String(told) && String(told) === String(missing_years)
        ? []
        : [`${id}: crosses [${unknown}], its clocks say [${told}], its row [${missing_years}]`]
    })
    .slice(0, SHOWN)
}
