import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacSm3, lengthPrefixed, openBytes, SealError, sealBytes, sealingKey, sm3 } from './sm.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const some = fc.uint8Array({ maxLength: 200 })
const part = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 8 }))
const bytesOf = (p: string | Uint8Array) => Buffer.from(p as Uint8Array).toString('hex')
const flip = (bytes: Uint8Array, bit: number) =>
  Uint8Array.from(bytes, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))

describe('a sealed value', () => {
  it('opens again with its key and in its place', () => {
    fc.assert(
      fc.property(key, some, some, (k, plain, context) => {
        expect(Uint8Array.from(openBytes(k, sealBytes(k, plain, context), context))).toEqual(plain)
      }),
    )
  })

  it('opens with no other key and in no other place', () => {
    fc.assert(
      fc.property(key, key, some, some, some, (k, otherKey, plain, context, otherContext) => {
        fc.pre(bytesOf(k) !== bytesOf(otherKey) && bytesOf(context) !== bytesOf(otherContext))
        const sealed = sealBytes(k, plain, context)
        expect(() => openBytes(otherKey, sealed, context)).toThrow(SealError)
        expect(() => openBytes(k, sealed, otherContext)).toThrow(SealError)
      }),
    )
  })

  it('opens no more when any single bit of it is another, or a byte is missing or added', () => {
    const k = Buffer.alloc(32, 7)
    const context = Buffer.from('here')
    const sealed = sealBytes(k, Buffer.from('13812345678'), context)
    for (let bit = 0; bit < sealed.length * 8; bit++)
      expect(() => openBytes(k, flip(sealed, bit), context), `bit ${bit}`).toThrow(SealError)
    for (let length = 0; length < sealed.length; length++)
      expect(() => openBytes(k, sealed.subarray(0, length), context)).toThrow(SealError)
    expect(() => openBytes(k, Buffer.concat([sealed, Buffer.of(0)]), context)).toThrow(SealError)
  })

  it('never opens from bytes that nobody sealed', () => {
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 120 }), (k, any) => {
        expect(() => openBytes(k, any, Buffer.of())).toThrow(SealError)
      }),
    )
  })

  it('opens when it was sealed by an earlier release', () => {
    const sealed =
      '01aa6eb1b9cd09946d44ab38dffcf0f02c434b37f79d67f91556ad6a1226574c2b6853e121dcc9815adea66dff0e79e820eb29513a6f234a715b'
    const opened = openBytes(Buffer.alloc(32, 7), Buffer.from(sealed, 'hex'), Buffer.from('here'))
    expect(opened.toString()).toBe('王小明')
  })

  it('is the same whether its key was made ready before or not', () => {
    fc.assert(
      fc.property(key, some, some, (k, plain, context) => {
        const ready = sealingKey(k)
        expect(Uint8Array.from(openBytes(k, sealBytes(ready, plain, context), context))).toEqual(plain)
        expect(Uint8Array.from(openBytes(ready, sealBytes(k, plain, context), context))).toEqual(plain)
      }),
    )
  })

  it('is another one each time, and shows nothing of what is in it', () => {
    const k = Buffer.alloc(32, 7)
    const plain = Buffer.from('220102199001011234')
    const made = Array.from({ length: 50 }, () => sealBytes(k, plain, Buffer.of()))
    expect(new Set(made.map(bytesOf)).size).toBe(50)
    for (const sealed of made) expect(sealed.includes(plain)).toBe(false)
  })
})

describe('parts with their length before them', () => {
  it('are never the same bytes for two lists that differ', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 4 }), (a, b) => {
        const same = a.length === b.length && a.every((p, i) => bytesOf(p) === bytesOf(b[i]!))
        expect(lengthPrefixed(...a).equals(lengthPrefixed(...b))).toBe(same)
      }),
      { numRuns: 1000 },
    )
    expect(lengthPrefixed('ab', 'c').equals(lengthPrefixed('a', 'bc'))).toBe(false)
    expect(lengthPrefixed('', 'a').equals(lengthPrefixed('a', ''))).toBe(false)
  })
})

it('HMAC-SM3 is that of OpenSSL for keys of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), some, (k, data) => {
      expect(hmacSm3(k, data).equals(createHmac('sm3', k).update(data).digest())).toBe(true)
    }),
    { numRuns: 500 },
  )
})

it('SM3 is that of OpenSSL, and HMAC-SM3 as RFC 2104 builds it', () => {
  expect(sm3(Buffer.from('abc')).toString('hex')).toBe(
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), some, (k, data) => {
      const block = Buffer.alloc(64)
      block.set(k)
      const xor = (mask: number) => Uint8Array.from(block, (b) => b ^ mask)
      const hash = (...parts: Uint8Array[]) => createHash('sm3').update(Buffer.concat(parts)).digest()
      expect(hmacSm3(k, data).equals(hash(xor(0x5c), hash(xor(0x36), data)))).toBe(true)
    }),
  )
})
