import { plusDays, shanghaiDate } from '@haochaping/rules'
import type { CasePlan, CaseStep } from './plans.ts'
import { atMinute } from './worktime.ts'

const MINUTE = 60_000
const NINE = 9 * 60
const minuteOf = (at: Date) => (at.getTime() - atMinute(shanghaiDate(at), 0).getTime()) / MINUTE

/** Nobody is called before nine. */
export const callable = (at: Date): Date => (minuteOf(at) < NINE ? atMinute(shanghaiDate(at), NINE) : at)

/** In the evening a call is only written down. */
const isLate = (at: Date) => minuteOf(at) >= 20 * 60

/** The steps up to the one that a plan stops with. */
export function stopped(steps: CaseStep[], stop: CasePlan['stop']): CaseStep[] {
  if (stop === undefined) return steps
  return stop === null ? [] : steps.slice(0, steps.findIndex((step) => step.event === stop) + 1)
}

/** The same steps pressed together, so that the last one falls before a moment. */
export function pressed(steps: CaseStep[], openedAt: Date, within: Date | undefined): CaseStep[] {
  const end = steps.at(-1)?.at
  if (!within || !end || end <= within) return steps
  const factor = (within.getTime() - openedAt.getTime()) / (end.getTime() - openedAt.getTime())
  let before = openedAt
  return steps.map((step) => {
    const scaled = new Date(openedAt.getTime() + (step.at.getTime() - openedAt.getTime()) * factor)
    const at = step.event === 'record_contact' ? callable(scaled) : scaled
    before = new Date(Math.max(at.getTime(), before.getTime()))
    const tomorrow = plusDays(shanghaiDate(at), 1)
    const { promisedOn } = step.values
    return {
      ...step,
      at: before,
      values: {
        ...step.values,
        ...(promisedOn && promisedOn < tomorrow && { promisedOn: tomorrow }),
        ...(step.event === 'record_contact' && isLate(before) && { contactedAt: '19:30' }),
      },
    }
  })
}
