import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkAffairNumber,
  checkImplementationCode,
  checkMobile,
  checkRegionCode,
  checkResidentId,
  checkUscc,
  padRegionCode,
  residentIdCheckCharacter,
  splitImplementationCode,
  usccCheckCharacter,
} from './identifiers.ts'

const DIGITS = '0123456789'
const LETTERS_AND_DIGITS = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`
const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const stringOf = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length })

const uscc = stringOf(USCC_ALPHABET, 17).map((first) => first + usccCheckCharacter(first))
const birthday = fc
  .date({
    min: new Date('1880-01-01T00:00:00Z'),
    max: new Date('2030-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''))
const residentId = fc
  .tuple(stringOf(DIGITS, 6), birthday, stringOf(DIGITS, 3))
  .map((parts) => parts.join(''))
  .map((first) => first + residentIdCheckCharacter(first))
const mobile = fc
  .tuple(fc.constantFrom(...'3456789'), stringOf(DIGITS, 9))
  .map(([second, rest]) => `1${second}${rest}`)

/** A text, a place in it, and another character of the alphabet to stand there. */
const damaged = (valid: fc.Arbitrary<string>, alphabet: string, places: number) =>
  fc
    .tuple(valid, fc.nat(places - 1), fc.constantFrom(...alphabet))
    .map(([text, at, c]) => [text, text.slice(0, at) + c + text.slice(at + 1)] as const)
    .filter(([text, other]) => text !== other)

describe('a region code', () => {
  it('is 12 digits; six are padded with zeros', () => {
    fc.assert(
      fc.property(stringOf(DIGITS, 6), (six) => {
        expect(checkRegionCode(padRegionCode(six))).toEqual({ ok: true, value: `${six}000000` })
      }),
    )
    expect(checkRegionCode('220102000000').ok).toBe(true)
    expect(checkRegionCode(padRegionCode('220102000000')).ok).toBe(true)
  })
  it('of an area without an official code may hold letters after the fourth digit', () => {
    expect(checkRegionCode('2201XCXQ0000').ok).toBe(true)
    expect(checkRegionCode('XCXQ22010000').ok).toBe(false)
  })
  it('of any other length or alphabet is refused', () => {
    const wrong = fc.string().filter((text) => !/^\d{4}[0-9A-Z]{8}$/.test(text))
    fc.assert(
      fc.property(wrong, (text) => {
        expect(checkRegionCode(text).ok).toBe(false)
      }),
    )
    for (const text of ['', '220102', '2201020000000', '220102000000\n', '２２０１０２００００００'])
      expect(checkRegionCode(text).ok, text).toBe(false)
  })
})

describe('a unified social credit code (GB 32100)', () => {
  it.each(['91350100M000100Y43', '91440300708461136T', '91110108551385082Q', '51610700305332460K'])(
    'that is published passes: %s',
    (code) => expect(checkUscc(code)).toEqual({ ok: true, value: code }),
  )
  it('with its check character passes, in its one spelling', () => {
    fc.assert(
      fc.property(uscc, (code) => {
        expect(checkUscc(` ${code.toLowerCase()} `)).toEqual({ ok: true, value: code })
      }),
    )
  })
  it('fails when any one character is another: the weights are prime to 31', () => {
    fc.assert(
      fc.property(damaged(uscc, LETTERS_AND_DIGITS, 18), ([, other]) => {
        expect(checkUscc(other).ok).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
  it('fails when two neighbours that differ are swapped', () => {
    fc.assert(
      fc.property(uscc, fc.nat(15), (code, i) => {
        const swapped = code.slice(0, i) + code[i + 1] + code[i] + code.slice(i + 2)
        expect(checkUscc(swapped).ok).toBe(swapped === code)
      }),
    )
  })
  it('with one of the letters that the standard leaves out, or of another length, is refused in words', () => {
    for (const text of ['', '91350100M000100Y4', '91350100M000100Y433', '91350100I000100Y43'])
      expect(checkUscc(text)).toEqual({ ok: false, reason: expect.stringContaining('18 位') })
    expect(checkUscc('91350100M000100Y44')).toEqual({
      ok: false,
      reason: expect.stringContaining('校验位'),
    })
  })
})

describe('a resident ID number (GB 11643)', () => {
  it.each(['11010519491231002X', '440524188001010014'])('that the standard gives passes: %s', (id) =>
    expect(checkResidentId(id)).toEqual({ ok: true, value: id }),
  )
  it('with a real birthday and its check character passes, in its one spelling', () => {
    fc.assert(
      fc.property(residentId, (id) => {
        expect(checkResidentId(` ${id.toLowerCase()}`)).toEqual({ ok: true, value: id })
      }),
    )
  })
  it('fails when any one character is another: ISO 7064 MOD 11-2 finds every such change', () => {
    fc.assert(
      fc.property(damaged(residentId, `${DIGITS}X`, 18), ([, other]) => {
        expect(checkResidentId(other).ok).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
  it('fails when two neighbours that differ are swapped', () => {
    fc.assert(
      fc.property(residentId, fc.nat(16), (id, i) => {
        const swapped = id.slice(0, i) + id[i + 1] + id[i] + id.slice(i + 2)
        expect(checkResidentId(swapped).ok).toBe(swapped === id)
      }),
    )
  })
  it.each(['19490230', '20230229', '20241301', '20240010', '20240100', '00000101', '17491231'])(
    'with a day that never was (%s) is refused in words, whatever its check character',
    (day) => {
      const first = `110105${day}002`
      expect(checkResidentId(first + residentIdCheckCharacter(first))).toEqual({
        ok: false,
        reason: expect.stringContaining('出生日期'),
      })
    },
  )
  it('of fifteen digits, as it was until 1999, is not one', () => {
    expect(checkResidentId('110105491231002').ok).toBe(false)
  })
})

describe('an implementation code (GB/T 39554.1)', () => {
  const code = fc.tuple(
    uscc,
    fc.constantFrom(...'1234567'),
    stringOf(LETTERS_AND_DIGITS, 12),
    fc.oneof(fc.constant(''), stringOf(DIGITS, 2)),
  )
  it('of 31 or, for a handling item, 33 characters passes and comes apart again', () => {
    fc.assert(
      fc.property(code, ([body, level, base, handling]) => {
        const whole = body + level + base + handling
        expect(checkImplementationCode(whole)).toEqual({ ok: true, value: whole })
        expect(splitImplementationCode(whole)).toEqual({ uscc: body, level, base, handling })
      }),
    )
  })
  it('fails when any one of its first 18 characters is another', () => {
    const whole = code.map((parts) => parts.join(''))
    fc.assert(
      fc.property(damaged(whole, LETTERS_AND_DIGITS, 18), ([, other]) => {
        expect(checkImplementationCode(other).ok).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
  it('of another length, or of a level that does not exist, is refused in words', () => {
    const body = '91350100M000100Y43'
    expect(checkImplementationCode(`${body}3000131001000`).ok).toBe(true)
    expect(checkImplementationCode(`${body}8000131001000`)).toEqual({
      ok: false,
      reason: expect.stringContaining('行使层级'),
    })
    for (const rest of ['300013100100', '30001310010000', '3000131001000000', '3000131-01000'])
      expect(checkImplementationCode(body + rest), rest).toEqual({
        ok: false,
        reason: expect.stringContaining('31 位'),
      })
  })
})

describe('a mobile number', () => {
  it('passes however it is written, and comes out as eleven digits', () => {
    fc.assert(
      fc.property(mobile, fc.constantFrom('', '+86', '86', '+86 ', '86-'), (number, prefix) => {
        const spaced = `${number.slice(0, 3)} ${number.slice(3, 7)}-${number.slice(7)}`
        expect(checkMobile(prefix + number)).toEqual({ ok: true, value: number })
        expect(checkMobile(prefix + spaced)).toEqual({ ok: true, value: number })
      }),
    )
  })
  it.each(['', '1381234567', '138123456789', '12812345678', '0431-88776655', '1381234567a', '+1 3812345678'])(
    'is not: %s',
    (text) => expect(checkMobile(text).ok).toBe(false),
  )
})

describe('an affair number', () => {
  it.each(['220102-20261124-0001', 'JL(2026)第7号', 'a', '9'.repeat(50)])('may be %s', (number) =>
    expect(checkAffairNumber(number)).toEqual({ ok: true, value: number }),
  )
  it.each(['', '9'.repeat(51), '2026 001', '2026\n001', '件\u0000'])('may not be %j', (number) =>
    expect(checkAffairNumber(number).ok).toBe(false),
  )
})
