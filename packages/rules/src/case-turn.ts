import { CASE_EVENTS } from './case-events.ts'
import { CASE_CLOCKS, type CaseClockKey, type CaseState, MAIN_CLOCK } from './case-states.ts'

/** Whose act a clock waits for. */
export type CaseAwaited = (typeof CASE_CLOCKS)[CaseClockKey]['awaits']

/** The clocks that wait for the act of somebody. */
export const clocksAwaiting = (who: CaseAwaited): CaseClockKey[] =>
  (Object.keys(CASE_CLOCKS) as CaseClockKey[]).filter((key) => CASE_CLOCKS[key].awaits === who)

/**
 * The states of an open case in which the next act is somebody's: of the clock that the state's next step is due by.
 * A later date that is asked for is decided by the level above whatever the state says; until the promised day comes
 * first, the organisation waits for it.
 */
export const statesAwaiting = (who: CaseAwaited): CaseState[] =>
  (Object.keys(MAIN_CLOCK) as CaseState[]).filter((state) => {
    const clock = MAIN_CLOCK[state]
    return clock !== null && CASE_CLOCKS[clock].awaits === who
  })

/** The states in which nobody is named yet who acts for the organisation: whoever is there takes the case up (R14). */
export const UNNAMED_STATES: readonly CaseState[] = CASE_EVENTS.sign.from

/** The states in which an organisation that handles a case with the lead still owes its report. */
export const REPORTING_STATES: readonly CaseState[] = CASE_EVENTS.co_report.from
