import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPolicyKey, POLICY_DEFAULTS, type PolicyDefinition, type PolicyRow, pickPolicy } from './policy.ts'
import { POLICY_GROUP_OF, POLICY_GROUPS } from './policy-groups.ts'

const AT = new Date('2026-11-24T10:00:00+08:00')
const days = (n: number) => new Date(AT.getTime() + n * 86_400_000)
const row = fc.record({
  key: fc.constantFrom('sign', 'fix'),
  regionCode: fc.constantFrom('220102000000', '220100000000', '220000000000'),
  version: fc.integer({ min: 1, max: 9 }),
  value: fc.integer({ min: 1, max: 30 }),
  validFrom: fc.integer({ min: -3, max: 3 }).map(days),
})
const rows = fc.uniqueArray(row, { selector: (r) => `${r.key}|${r.regionCode}|${r.version}`, maxLength: 20 })
const PLACES = ['220102000000', '220100000000'] as const

describe('the policy that applies', () => {
  it('is of the key, in force, of the nearest region that has one, from the latest date, the highest version', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const found = pickPolicy(all, 'sign', PLACES, AT)
        const inForce = all.filter((r) => r.key === 'sign' && r.validFrom <= AT)
        const nearest = PLACES.find((place) => inForce.some((r) => r.regionCode === place))
        const best = inForce
          .filter((r) => r.regionCode === nearest)
          .sort((a, b) => b.validFrom.getTime() - a.validFrom.getTime() || b.version - a.version)[0]
        expect(found).toEqual(best ?? null)
      }),
    )
  })

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(pickPolicy([...all].reverse(), 'sign', PLACES, AT)).toEqual(
          pickPolicy(all, 'sign', PLACES, AT),
        )
      }),
    )
  })

  it('begins at its very moment and not a millisecond before', () => {
    const one: PolicyRow = { key: 'sign', regionCode: PLACES[1], version: 1, value: 2, validFrom: AT }
    expect(pickPolicy([one], 'sign', PLACES, AT)).toBe(one)
    expect(pickPolicy([one], 'sign', PLACES, new Date(AT.getTime() - 1))).toBeNull()
    expect(pickPolicy([one], 'sign', [], AT)).toBeNull()
  })
})

describe('a policy for one kind of item (Q30)', () => {
  const of = (regionCode: string, category: string, value: number): PolicyRow => ({
    ...{ key: 'fix', regionCode, category, value, version: value, validFrom: AT },
  })
  it('goes before that for all items of the same region, and after what a nearer region has', () => {
    const [general, kind, near] = [of(PLACES[1], '', 5), of(PLACES[1], '01', 3), of(PLACES[0], '', 4)]
    expect(pickPolicy([general, kind], 'fix', PLACES, AT, '01')).toBe(kind)
    expect(pickPolicy([general, kind], 'fix', PLACES, AT, '20')).toBe(general)
    expect(pickPolicy([general, kind], 'fix', PLACES, AT)).toBe(general)
    expect(pickPolicy([general, kind, near], 'fix', PLACES, AT, '01')).toBe(near)
  })
  it('is there only for the limits of cases', () => {
    const kinds = Object.entries<PolicyDefinition>(POLICY_DEFAULTS).filter(([, d]) => d.byCategory)
    expect(kinds.map(([key]) => key)).toEqual(['sign', 'contact', 'fix', 'promised', 'confirm', 'reply'])
  })
})

describe('the first policies', () => {
  it('say what they count, where they come from, and are whole positive numbers', () => {
    for (const [key, definition] of Object.entries(POLICY_DEFAULTS)) {
      expect(Number.isInteger(definition.value) && definition.value > 0, key).toBe(true)
      expect(definition.label, key).toMatch(/[\u4e00-\u9fff]/)
      expect(definition.source, key).not.toBe('')
    }
  })
  it('count the 1, 5, 15 working days of the published example', () => {
    expect([POLICY_DEFAULTS.sign, POLICY_DEFAULTS.fix, POLICY_DEFAULTS.promised].map((p) => p.value)).toEqual(
      [1, 5, 15],
    )
  })
  it('are each about something that is listed, and nothing listed is empty', () => {
    expect(Object.keys(POLICY_GROUP_OF).toSorted()).toEqual(Object.keys(POLICY_DEFAULTS).toSorted())
    expect(new Set(Object.values(POLICY_GROUP_OF))).toEqual(new Set(Object.keys(POLICY_GROUPS)))
  })
  it('are known by key', () => {
    expect(isPolicyKey('sign')).toBe(true)
    for (const key of ['', 'toString', '__proto__', 'Sign']) expect(isPolicyKey(key)).toBe(false)
  })
})
