import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { deriveSecret, formatToken, hashSecret, parseToken, sameSecret } from './tokens.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const rateable = { source: 's', affairNumber: 'A1', visitNumber: 1, onSite: true }
const issue = (over: object = {}) =>
  t.services.invitations.issue({ ...rateable, ...over }, t.clock.now, new Date(t.clock.now.getTime() + 1))

describe('a token', () => {
  it('is read back as it was written, whatever is in it', () => {
    for (let i = 0; i < 200; i++) {
      const token = { evaluationId: randomUUID(), secret: randomBytes(16) }
      expect(parseToken(formatToken(token))).toEqual(token)
      expect(formatToken(token)).toMatch(/^[\w-]{43}$/)
    }
  })

  it('has one spelling: what decodes to the same bytes another way is not a token', () => {
    const text = formatToken({ evaluationId: randomUUID(), secret: Buffer.alloc(16) })
    const last = text.at(-1)!
    const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].filter(
      (c) => c !== last,
    )
    const same = others.filter((c) =>
      Buffer.from(text.slice(0, -1) + c, 'base64url').equals(Buffer.from(text, 'base64url')),
    )
    expect(same.length).toBeGreaterThan(0)
    for (const c of same) expect(parseToken(text.slice(0, -1) + c)).toBeNull()
  })

  it.each([
    '',
    'x',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(42)}+`,
    `${'A'.repeat(43)}\n`,
  ])('is not %j', (text) => {
    expect(parseToken(text)).toBeNull()
  })

  it('has a secret of 128 bits that follows from a key nobody else has', () => {
    const key = randomBytes(32)
    expect(deriveSecret(key, 'invitation', 'a', 'b')).toHaveLength(16)
    expect(deriveSecret(key, 'invitation', 'a', 'b')).toEqual(deriveSecret(key, 'invitation', 'a', 'b'))
    expect(deriveSecret(key, 'invitation', 'a', 'b')).not.toEqual(deriveSecret(key, 'invitation', 'ab', ''))
    expect(deriveSecret(key, 'invitation', 'a')).not.toEqual(deriveSecret(randomBytes(32), 'invitation', 'a'))
    expect(sameSecret(Buffer.from('ab'), Buffer.from('abc'))).toBe(false)
    expect(hashSecret(Buffer.from('a'))).toHaveLength(32)
  })
})

describe('what may be rated once', () => {
  it('is a visit on site and a whole affair online, of one source', () => {
    const id = (over: object) => issue(over).row.evaluation_id
    expect(id({})).toBe(id({}))
    expect(id({ visitNumber: 2 })).not.toBe(id({}))
    expect(id({ onSite: false, visitNumber: 2 })).toBe(id({ onSite: false }))
    expect(id({ onSite: false })).not.toBe(id({}))
    expect(id({ source: 'other' })).not.toBe(id({}))
    // Numbers that run into one another when they are simply joined.
    expect(id({ affairNumber: 'A11', visitNumber: 1 })).not.toBe(id({ affairNumber: 'A1', visitNumber: 11 }))
  })

  it('cannot be guessed from the affair: with another key the same affair has another id', () => {
    const guess = derivedUuid(randomBytes(32), 'evaluation', 's', 'A1', '1', 'first')
    const own = derivedUuid(t.app.keys.derive('ids'), 'evaluation', 's', 'A1', '1', 'first')
    expect(issue().row.evaluation_id).toBe(own)
    expect(own).not.toBe(guess)
  })

  it('gives every visit of an online affair a link of its own to the one rating', () => {
    const [one, two] = [issue({ onSite: false }), issue({ onSite: false, visitNumber: 2 })]
    expect(one.token).not.toBe(two.token)
    expect(one.row.evaluation_id).toBe(two.row.evaluation_id)
  })
})
