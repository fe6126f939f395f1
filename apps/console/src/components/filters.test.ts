import { describe, expect, it } from 'vitest'
import { choiceMade, type FilterField, keysOf, periodIn } from './filters.ts'

const PERIOD = { kind: 'period', from: 'from', to: 'to', label: '时间' } as const
const FIELDS: FilterField[] = [
  { kind: 'text', key: 'q', label: '编号' },
  { kind: 'choice', key: 'region', label: '地区' },
  { kind: 'choice', key: 'hall', label: '大厅', dependsOn: 'region' },
  { kind: 'choice', key: 'window', label: '窗口', dependsOn: 'hall' },
  PERIOD,
]

describe('filters of a list', () => {
  it('name their parameters, a period both of its own', () => {
    expect(keysOf(FIELDS)).toEqual(['q', 'region', 'hall', 'window', 'from', 'to'])
  })
  it('show one day of a period for both', () => {
    expect(periodIn({ from: '2026-11-01', to: '2026-11-30' }, PERIOD)).toEqual(['2026-11-01', '2026-11-30'])
    expect(periodIn({ from: '2026-11-01' }, PERIOD)).toEqual(['2026-11-01', '2026-11-01'])
    expect(periodIn({ to: '2026-11-30' }, PERIOD)).toEqual(['2026-11-30', '2026-11-30'])
    expect(periodIn({}, PERIOD)).toBeNull()
  })
  it('let go of what depends on a choice that changes', () => {
    expect(choiceMade(FIELDS, 'hall', 'h1')).toStrictEqual({ hall: 'h1', window: undefined })
    expect(choiceMade(FIELDS, 'window', 'w1')).toStrictEqual({ window: 'w1' })
    expect(choiceMade(FIELDS, 'q', undefined)).toStrictEqual({ q: undefined })
  })
  it('let go of all that hangs on it, however deep', () => {
    expect(choiceMade(FIELDS, 'region', 'r1')).toStrictEqual({
      region: 'r1',
      hall: undefined,
      window: undefined,
    })
  })
})
