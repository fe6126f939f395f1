import { describe, expect, it } from 'vitest'
import { disagreeing, same } from './agreement.ts'

describe('R24: a row against its journal entry', () => {
  it('agrees whatever order the keys of an object have, and not when one is missing', () => {
    expect(same({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toBe(true)
    expect(same({ a: 1 }, { a: 1, b: 0 })).toBe(false)
    expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
    expect(same(undefined, null)).toBe(false)
  })

  it('names what differs, and that there is no entry', () => {
    expect(disagreeing({ a: 1, b: 2 }, { a: 1, b: 3, more: true })).toBe('b')
    expect(disagreeing({ a: 1 }, null)).toBe('no entry')
    expect(disagreeing({ a: 1, b: null }, { a: 1, b: null })).toBeNull()
  })

  it('passes over what an older entry did not hold, never what an entry holds otherwise', () => {
    expect(disagreeing({ a: 1, b: 2 }, { a: 1 }, ['b'])).toBeNull()
    expect(disagreeing({ a: 1, b: 2 }, { a: 1 })).toBe('b')
    expect(disagreeing({ a: 1, b: 2 }, { a: 1, b: null }, ['b'])).toBe('b')
  })
})
