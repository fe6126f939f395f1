import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivedUuid, randomId, uuidBytes, uuidFromBytes } from './ids.ts'

const key = randomBytes(32)
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('an id that follows from its parts', () => {
  it('is a UUID of version 8, the same each time, another for other parts or another key', () => {
    const parts = fc.array(fc.string(), { maxLength: 4 })
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b)
        expect(derivedUuid(key, ...a)).toMatch(UUID)
        expect(derivedUuid(key, ...a) === derivedUuid(key, ...b)).toBe(same)
        expect(derivedUuid(randomBytes(32), ...a)).not.toBe(derivedUuid(key, ...a))
      }),
    )
    expect(derivedUuid(key, 'ab', 'c')).not.toBe(derivedUuid(key, 'a', 'bc'))
  })
})

it('a UUID is sixteen bytes and back', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(uuidBytes(id).length).toBe(16)
      expect(uuidFromBytes(uuidBytes(id))).toBe(id)
    }),
  )
  expect(randomId()).not.toBe(randomId())
})
