import { describe, expect, it } from 'vitest'
import { noCounts } from '../statistics/counts.ts'
import { publicAppeals } from './public-appeals.ts'

const group = (id: string, filed: number, decided: number, overturned: number) => ({
  id,
  name: id,
  counts: { ...noCounts(), appeals_filed: filed, appeals_decided: decided, appeals_overturned: overturned },
})
const shown = (rows: ReturnType<typeof publicAppeals>) =>
  rows.map((row) => [row.id, row.hidden ?? row.figures?.rate])

describe('overturn rates in public (P9)', () => {
  it('P9: decided appeals are what they are a share of', () => {
    const [city, a] = publicAppeals(group('city', 12, 10, 4), [group('a', 12, 10, 4), group('b', 0, 0, 0)], 5)
    expect(city).toEqual({
      id: 'city',
      name: 'city',
      hidden: null,
      figures: { filed: 12, decided: 10, overturned: 4, rate: 0.4 },
    })
    expect(a?.figures?.rate).toBe(0.4)
  })

  it('P9: too few are not printed, nor one that could be worked out from the others', () => {
    const rows = publicAppeals(
      group('city', 20, 17, 5),
      [group('a', 10, 9, 3), group('b', 6, 6, 1), group('c', 4, 2, 1)],
      5,
    )
    expect(shown(rows)).toEqual([
      ['city', 5 / 17],
      ['a', 1 / 3],
      ['b', 'rest'],
      ['c', 'few'],
    ])
    expect(shown(publicAppeals(group('city', 3, 2, 2), [group('a', 3, 2, 2)], 5))).toEqual([
      ['city', 'few'],
      ['a', 'few'],
    ])
    expect(shown(publicAppeals(group('city', 0, 0, 0), [group('a', 0, 0, 0)], 5))).toEqual([
      ['city', null],
      ['a', null],
    ])
  })
})
