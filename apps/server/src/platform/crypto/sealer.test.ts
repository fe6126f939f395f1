import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blindIndex, commitment, type Keyring, openFields, rewrap, sealFields } from './sealer.ts'
import { lengthPrefixed, SealError, sealBytes } from './sm.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const indexKey = randomBytes(32)
const before: Keyring = { currentKekId: 'kek-1', keks: new Map([['kek-1', first]]), indexKey }
const during: Keyring = {
  currentKekId: 'kek-2',
  keks: new Map([
    ['kek-1', first],
    ['kek-2', second],
  ]),
  indexKey,
}
const after: Keyring = { currentKekId: 'kek-2', keks: new Map([['kek-2', second]]), indexKey }

const name = fc.constantFrom('name', 'phone', 'idNumber', '')
const fields = fc.dictionary(name, fc.string({ unit: 'grapheme' }), { noNullPrototype: true })

describe('sealed fields', () => {
  it('open when an earlier release sealed them, under a data key of which two were derived', () => {
    const dataKey = randomBytes(32)
    const context = (...parts: string[]) => lengthPrefixed(...parts)
    const sealed = {
      kekId: 'kek-1',
      wrappedKey: sealBytes(first, dataKey, context('data-key', 'owner')),
      fields: { phone: sealBytes(dataKey, Buffer.from('13812345678'), context('field', 'owner', 'phone')) },
    }
    expect(openFields(before, 'owner', sealed)).toEqual({ phone: '13812345678' })
    expect(openFields(after, 'owner', rewrap(during, 'owner', sealed))).toEqual({ phone: '13812345678' })
  })

  it('open for the owner they were sealed for', () => {
    fc.assert(
      fc.property(fc.uuid(), fields, (owner, given) => {
        expect(openFields(before, owner, sealFields(before, owner, given))).toEqual(given)
      }),
    )
  })

  it('open for no other owner', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fields, (owner, other, given) => {
        fc.pre(owner !== other)
        expect(() => openFields(before, other, sealFields(before, owner, given))).toThrow(SealError)
      }),
    )
  })

  it('cannot change places: neither within a row nor between two rows of one owner', () => {
    const sealed = sealFields(before, 'o', { name: '张三', phone: '13812345678' })
    const { name: n, phone } = sealed.fields
    expect(() => openFields(before, 'o', { ...sealed, fields: { name: phone!, phone: n! } })).toThrow(
      SealError,
    )
    const other = sealFields(before, 'o', { name: '李四', phone: '13987654321' })
    const mixed = { ...sealed, fields: { ...sealed.fields, phone: other.fields.phone! } }
    expect(() => openFields(before, 'o', mixed)).toThrow(SealError)
    expect(() => openFields(before, 'o', { ...sealed, wrappedKey: other.wrappedKey })).toThrow(SealError)
  })

  it('have a data key of their own each: knowing one row opens no other', () => {
    const [a, b] = [sealFields(before, 'o', { name: '张三' }), sealFields(before, 'o', { name: '张三' })]
    expect(a.wrappedKey.equals(b.wrappedKey)).toBe(false)
    expect(a.fields.name!.equals(b.fields.name!)).toBe(false)
  })

  it('do not open under a key of the same name that is another, nor under one that is not there', () => {
    const sealed = sealFields(before, 'o', { name: '张三' })
    const impostor: Keyring = { ...before, keks: new Map([['kek-1', second]]) }
    expect(() => openFields(impostor, 'o', sealed)).toThrow(SealError)
    expect(() => openFields(after, 'o', sealed)).toThrow('no key-encryption key kek-1')
  })
})

describe('a change of the key-encryption key', () => {
  it('leaves old rows readable, seals new ones under the new key, and lets the old one go once all are rewrapped', () => {
    fc.assert(
      fc.property(fc.uuid(), fields, (owner, given) => {
        const old = sealFields(before, owner, given)
        expect(openFields(during, owner, old)).toEqual(given)
        expect(sealFields(during, owner, given).kekId).toBe('kek-2')
        const moved = rewrap(during, owner, old)
        expect(moved.kekId).toBe('kek-2')
        expect(moved.fields).toBe(old.fields)
        expect(openFields(after, owner, moved)).toEqual(given)
        expect(() => openFields(before, owner, moved)).toThrow(SealError)
      }),
    )
  })

  it('does not move a row to another owner', () => {
    const sealed = sealFields(before, 'o', { name: '张三' })
    expect(() => rewrap(during, 'p', sealed)).toThrow(SealError)
  })
})

describe('the look-up index', () => {
  it('is the same for the same value, and for nothing else', () => {
    const text = fc.string()
    fc.assert(
      fc.property(text, text, text, text, (kindA, a, kindB, b) => {
        const same = kindA === kindB && a === b
        expect(blindIndex(indexKey, kindA, a).equals(blindIndex(indexKey, kindB, b))).toBe(same)
        expect(blindIndex(randomBytes(32), kindA, a).equals(blindIndex(indexKey, kindA, a))).toBe(false)
      }),
    )
  })
})

describe('a commitment', () => {
  it('is opened by its salt and its value only', () => {
    const some = fc.uint8Array({ maxLength: 40 })
    fc.assert(
      fc.property(some, some, some, some, (saltA, a, saltB, b) => {
        const same = Buffer.compare(saltA, saltB) === 0 && Buffer.compare(a, b) === 0
        expect(commitment(saltA, a).equals(commitment(saltB, b))).toBe(same)
      }),
    )
  })
})
