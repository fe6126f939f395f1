import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { sm3 as secondSm3 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { sm3 } from './sm3.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const native = (data: Uint8Array) => createHash('sm3').update(data).digest('hex')

describe('SM3', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('of the example %s of GB/T 32905 is as the standard says', (text, digest) => {
    expect(hex(sm3(Buffer.from(text)))).toBe(digest)
  })

  it('agrees with OpenSSL and with a second implementation at every length over three blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255)
      expect(hex(sm3(data)), `${length} bytes`).toBe(native(data))
      expect(hex(sm3(data))).toBe(secondSm3([...data]))
    }
  })

  it('agrees with OpenSSL for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (data) => {
        expect(hex(sm3(data))).toBe(native(data))
      }),
    )
  })

  it('agrees with OpenSSL over a megabyte, and for a view into a larger buffer', () => {
    const large = Uint8Array.from({ length: 1_000_003 }, (_, i) => i & 255)
    expect(hex(sm3(large))).toBe(native(large))
    expect(hex(sm3(large.subarray(5, 77)))).toBe(native(large.subarray(5, 77)))
  })
})
