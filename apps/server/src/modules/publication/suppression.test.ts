import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noCounts } from '../statistics/counts.ts'
import { rowOf } from '../statistics/figures.ts'
import { givenOf, publicRows, tooFew } from './suppression.ts'

const K = 5
const aRow = (id: number, positive: number, negative: number, excluded = 0) =>
  rowOf(
    'organization',
    String(id),
    `机构${id}`,
    { ...noCounts(), level_5: positive, level_1: negative, excluded_mistaken: excluded },
    30,
  )

describe('small groups', () => {
  it('are not printed, whatever was rated in them', () => {
    const [few, enough, none] = publicRows([aRow(1, 3, 1), aRow(2, 3, 2), aRow(3, 0, 0)], K)
    expect(few).toMatchObject({ hidden: 'few', figures: null })
    expect(enough).toMatchObject({ hidden: 'rest', figures: null })
    expect(none).toMatchObject({ hidden: null })
  })

  it('are not enlarged by ratings that do not count', () => {
    expect(tooFew(aRow(1, 4, 0, 3).levels, K)).toBe(true)
    expect(tooFew(aRow(1, 0, 0, 1).levels, K)).toBe(true)
    expect(tooFew(aRow(1, 5, 0).levels, K)).toBe(false)
  })

  it('cannot be worked out from the total and the others', () => {
    const counts = fc.tuple(fc.nat(40), fc.nat(4), fc.nat(2))
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 12 }), (drawn) => {
        const rows = drawn.map(([positive, negative, excluded], i) => aRow(i, positive, negative, excluded))
        const shown = publicRows(rows, K)
        for (const row of shown) if (row.figures) expect(tooFew(row.figures.levels, K), row.id).toBe(false)
        const hidden = shown.filter((row) => row.hidden)
        const others = rows.filter((row) => givenOf(row.levels) > 0)
        if (hidden.length === 1) expect(others).toHaveLength(1)
      }),
    )
  })
})
