import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSpokenNumber, SPOKEN_ALPHABET, spokenNumber } from './spoken-numbers.ts'

describe('a number that citizens say over the telephone', () => {
  it('says what it is and of which day, in characters that are not read for one another', () => {
    expect(SPOKEN_ALPHABET).not.toMatch(/[01ILO]/)
    expect(new Set(SPOKEN_ALPHABET).size).toBe(SPOKEN_ALPHABET.length)
    expect(spokenNumber('PJ', '2026-11-24', Uint8Array.of(0, 1, 7, 8, 30, 31, 32, 255))).toBe(
      'PJ20261124-239AZ239',
    )
  })

  it('is known again, whatever it was made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 40 }), (bytes) => {
        const number = spokenNumber('CP', '2026-11-24', bytes)
        expect(isSpokenNumber('CP', number)).toBe(true)
        expect(isSpokenNumber('TS', number)).toBe(false)
        expect(isSpokenNumber('CP', `${number}2`)).toBe(false)
        expect(spokenNumber('CP', '2026-11-24', bytes.subarray(0, 8))).toBe(number)
      }),
    )
  })

  it('is not made of too little', () => {
    expect(() => spokenNumber('CP', '2026-11-24', Uint8Array.of(1, 2, 3))).toThrow(RangeError)
  })
})
