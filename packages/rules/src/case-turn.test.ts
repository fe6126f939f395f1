import { describe, expect, it } from 'vitest'
import { caseEventRule, caseEvents } from './case-events.ts'
import { CASE_CLOCKS, CASE_STATES, type CaseState, MAIN_CLOCK } from './case-states.ts'
import {
  type CaseAwaited,
  clocksAwaiting,
  REPORTING_STATES,
  statesAwaiting,
  UNNAMED_STATES,
} from './case-turn.ts'

const WHO: CaseAwaited[] = ['handler', 'management', 'superior', 'citizen']
const open = (Object.keys(CASE_STATES) as CaseState[]).filter((state) => state !== 'closed')

describe('whose turn a case is', () => {
  it('R14: each open state waits for exactly one, and each clock too', () => {
    expect(WHO.flatMap(statesAwaiting).toSorted()).toEqual(open.toSorted())
    expect(WHO.flatMap(clocksAwaiting).toSorted()).toEqual(Object.keys(CASE_CLOCKS).toSorted())
    expect(statesAwaiting('superior')).toEqual(['transfer_proposed', 'reopened'])
    expect(statesAwaiting('management')).toEqual(['rejection_proposed'])
    expect(statesAwaiting('citizen')).toEqual(['waiting', 'resurvey'])
  })

  it.each(open)(
    'R14: whoever is waited for in “%s” has an event in the table that leads on from there',
    (state) => {
      const awaits = CASE_CLOCKS[MAIN_CLOCK[state]!].awaits
      const leading = caseEvents.filter((event) => {
        const { from, to, actors } = caseEventRule(event)
        return from.includes(state) && to !== 'same' && actors.includes(awaits)
      })
      expect(leading).not.toEqual([])
    },
  )

  it('R14: who takes a case up, and who reports, is of the states that wait for the organisation', () => {
    expect(statesAwaiting('handler')).toEqual(expect.arrayContaining([...UNNAMED_STATES]))
    expect(REPORTING_STATES).not.toContain('resurvey')
  })
})
