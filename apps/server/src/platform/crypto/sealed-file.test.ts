import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openFile, sealedLength, sealedUnder, sealFile } from './sealed-file.ts'
import type { Keyring } from './sealer.ts'
import { SealError } from './sm.ts'

const keyring = (currentKekId: string, ...others: [string, Buffer][]): Keyring => ({
  currentKekId,
  keks: new Map([[currentKekId, Buffer.alloc(32, currentKekId)], ...others]),
  indexKey: Buffer.alloc(32),
})
const ours = keyring('kek-1')
const noFormer = () => {
  throw new Error('not of the first version')
}

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const seal = (plain: Buffer, name = 'files/a') => Buffer.concat([...sealFile(ours, name, plain)])
async function open(sealed: Buffer, { name = 'files/a', keys = ours, size = 1000 } = {}) {
  const opened = []
  for await (const chunk of openFile(keys, name, pieces(sealed, size), noFormer)) opened.push(chunk)
  return Buffer.concat(opened)
}
const CHUNK = 64 * 1024

describe('a sealed file', () => {
  it('opens to what it was, of whatever size, in whatever pieces it comes', async () => {
    const sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]
    for (const size of sizes) {
      const plain = randomBytes(size)
      const sealed = seal(plain)
      expect(sealed.length).toBe(sealedLength(ours, size))
      for (const piece of [1 + 7919, CHUNK, 10_000_000])
        expect((await open(sealed, { size: piece })).equals(plain), `${size} by ${piece}`).toBe(true)
    }
  })

  it('R28: shows nothing of what it holds, nor that two hold the same', () => {
    const plain = Buffer.from('当事人张三'.repeat(100))
    const [one, two] = [seal(plain), seal(plain)]
    expect(one.includes('张三')).toBe(false)
    expect(one.subarray(2 + 5).equals(two.subarray(2 + 5))).toBe(false)
  })

  it('does not open when any byte of it was changed', async () => {
    const sealed = seal(randomBytes(2 * CHUNK + 100))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: sealed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const changed = Buffer.from(sealed)
          changed[at]! ^= bits
          // Its first byte may become the version before this one.
          await expect(open(changed)).rejects.toThrow()
        },
      ),
      { numRuns: 60 },
    )
  })

  it('does not open cut short, also between chunks, nor with a chunk more, nor with two exchanged', async () => {
    const sealed = seal(randomBytes(3 * CHUNK))
    const head = sealed.length - 3 * (CHUNK + 32)
    const chunk = (i: number) => sealed.subarray(head + i * (CHUNK + 32), head + (i + 1) * (CHUNK + 32))
    const of = (...parts: Buffer[]) => Buffer.concat([sealed.subarray(0, head), ...parts])
    expect((await open(of(chunk(0), chunk(1), chunk(2)))).length).toBe(3 * CHUNK)
    for (const wrong of [
      of(),
      of(chunk(0)),
      of(chunk(0), chunk(1)),
      of(chunk(0), chunk(1), chunk(2), chunk(2)),
      of(chunk(1), chunk(0), chunk(2)),
      sealed.subarray(0, -1),
      sealed.subarray(0, 10),
      Buffer.alloc(0),
    ])
      await expect(open(wrong)).rejects.toThrow(SealError)
  })

  it('opens under its own name and key only, and under its key when another has become the current one', async () => {
    const plain = Buffer.from('证据')
    const sealed = seal(plain)
    await expect(open(sealed, { name: 'files/b' })).rejects.toThrow(SealError)
    await expect(open(sealed, { keys: keyring('kek-2') })).rejects.toThrow('no key-encryption key kek-1')
    const rotated = keyring('kek-2', ['kek-1', Buffer.alloc(32, 'kek-1')])
    expect((await open(sealed, { keys: rotated })).equals(plain)).toBe(true)
    expect(await sealedUnder(pieces(sealed, 3))).toBe('kek-1')
  })
})
