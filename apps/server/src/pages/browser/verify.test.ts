import { encodeEntry, leafHash, sm3 } from '@haochaping/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'
import { generateSm2KeyPair, loadSm2Signer } from '../../platform/crypto/sm2.ts'
import { checkProof, type Shown } from './verify.ts'

type Given = Parameters<typeof checkProof>[0]

let t: TestApp
let given: Given
let shown: Shown
beforeAll(async () => {
  t = await testCity()
  for (let i = 0; i < 5; i++) await rate(t)
  const receipt = await rate(t, { level: 1, hallLevel: 2, words: '等了两小时' })
  for (let i = 0; i < 7; i++) await rate(t)
  await t.settle()
  // What the browser gets: the answer of the route itself, through JSON.
  const answer = await t.server.inject({ url: `/api/v1/receipts/${receipt.receiptToken}/proof` })
  given = answer.json<Given>()
  shown = { receiptNumber: receipt.receiptNumber, level: 1, hallLevel: 2 }
})
afterAll(() => t.close())

const bad = (changed: Given, seen: Shown = shown) =>
  checkProof(changed, seen).flatMap((step, i) => (step.good ? [] : [i]))
const copy = () => structuredClone(given)
const [PAGE, FINGERPRINT, PATH, SIGNATURE] = [0, 1, 2, 3]

describe('the check of a rating in the browser', () => {
  it('finds every step good, and says each in words', () => {
    const steps = checkProof(given, shown)
    expect(steps.map((step) => step.good)).toEqual([true, true, true, true])
    for (const { text } of steps) expect(text).toMatch(/[\u4e00-\u9fff]/)
    expect(steps[PATH!]?.text).toContain(`第 ${given.position + 1} 条`)
  })

  it.each<[string, Partial<Shown>]>([
    ['another level', { level: 5 }],
    ['another level of the hall', { hallLevel: 5 }],
    ['no level of the hall', { hallLevel: null }],
    ['another receipt number', { receiptNumber: 'PJ20261124-AAAAAAAA' }],
  ])('does not take a page that shows %s', (_what, other) => {
    expect(bad(given, { ...shown, ...other })).toEqual([PAGE])
  })

  it('does not take an entry of another kind for a rating', () => {
    const other = copy()
    other.entry.kind = 'visit.reported'
    expect(bad(other)).toEqual([PAGE, FINGERPRINT, PATH])
  })

  it.each<[string, (g: Given) => void]>([
    ['its payload', (g) => (g.entry.payload.level = 5)],
    ['a field more', (g) => (g.entry.payload.extra = null)],
    ['a field less', (g) => delete g.entry.payload.channel],
    ['its actor', (g) => (g.entry.actor = 'system')],
    ['its time', (g) => (g.entry.recordedAt = String(BigInt(g.entry.recordedAt) + 1n))],
    ['its id', (g) => (g.entry.entryId = g.entry.subjectId)],
  ])('finds an entry that was changed in %s', (_what, change) => {
    const other = copy()
    change(other)
    expect(bad(other)).toEqual(expect.arrayContaining([FINGERPRINT, PATH]))
  })

  it('is not misled by a fingerprint that was made to fit', () => {
    const other = copy()
    other.entry.payload.level = 5
    const leaf = leafHash(sm3, encodeEntry({ ...other.entry, recordedAt: BigInt(other.entry.recordedAt) }))
    other.leafHash = Buffer.from(leaf).toString('base64')
    expect(bad(other, { ...shown, level: 5 })).toEqual([PATH])
  })

  it('finds a path that leads elsewhere: a hash changed, missing, added, or another position', () => {
    const changes: ((g: Given) => void)[] = [
      (g) => (g.proof[0] = g.leafHash),
      (g) => g.proof.pop(),
      (g) => g.proof.push(g.leafHash),
      (g) => g.position++,
    ]
    for (const change of changes) {
      const other = copy()
      change(other)
      expect(bad(other)).toEqual([PATH])
    }
  })

  it('finds a checkpoint that was changed, or that somebody else signed', () => {
    const later = copy()
    later.checkpoint.body = later.checkpoint.body.replace('2026-', '2027-')
    expect(bad(later)).toEqual([SIGNATURE])
    const other = copy()
    const stranger = loadSm2Signer(generateSm2KeyPair().privatePem)
    other.checkpoint.signature = stranger.sign(Buffer.from(other.checkpoint.body)).toString('base64')
    expect(bad(other)).toEqual([SIGNATURE])
    // Under a key of its own a forged checkpoint is sound; the fingerprint of the key tells it from the city's.
    other.checkpoint.publicKey = stranger.publicKeyHex
    expect(bad(other)).toEqual([])
    const print = (g: Given) => checkProof(g, shown)[SIGNATURE!]!.text.match(/[0-9a-f]{16}/)?.[0]
    expect(print(other)).toBe(stranger.keyId)
    expect(print(given)).toBe(t.app.keys.signer.keyId)
  })

  it('throws, rather than saying anything, when the answer cannot be read', () => {
    const unreadable: ((g: Given) => void)[] = [
      (g) => (g.checkpoint.body = 'nothing'),
      (g) => (g.proof[0] = '***'),
      (g) => (g.entry.recordedAt = 'yesterday'),
      (g) => (g.leafHash = '*'),
    ]
    for (const change of unreadable) {
      const other = copy()
      change(other)
      expect(() => checkProof(other, shown)).toThrow()
    }
  })
})
