import { expect, it } from 'vitest'
import { isFalseReport, reopensCase } from './spot-check.ts'

it('Q71, P10: every finding begins the case again; what was reported falsely or concealed is recorded', () => {
  expect((['none', 'unresolved', 'false_report', 'concealed'] as const).map(reopensCase)).toEqual([
    false,
    true,
    true,
    true,
  ])
  expect((['none', 'unresolved', 'false_report', 'concealed'] as const).map(isFalseReport)).toEqual([
    false,
    false,
    true,
    true,
  ])
})
