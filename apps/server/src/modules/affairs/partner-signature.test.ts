import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { aPartner, aVisit } from '../../../../../tests/support/visits.ts'
import { partnerSignature } from './partner-signature.ts'

let t: TestApp
let partner: Awaited<ReturnType<typeof aPartner>>
beforeAll(async () => {
  t = await testCity()
  partner = await aPartner(t)
})
afterAll(() => t.close())

describe('who may report', () => {
  const code = async (answer: ReturnType<typeof partner.report>) => {
    const { statusCode, body } = await answer
    return [statusCode, JSON.parse(body).code]
  }

  it('a request repeated word for word is refused, the same content newly signed is not', async () => {
    const visit = aVisit()
    const nonce = randomUUID()
    expect((await partner.report(visit, { nonce })).statusCode).toBe(200)
    expect(await code(partner.report(visit, { nonce }))).toEqual([401, 'partner-replay'])
    expect((await partner.report(visit)).json().answers[0].status).toBe('already-invited')
  })

  it.each([
    ['an unknown key', { keyId: 'nix' }, 'partner-unknown'],
    ['a signature of zeros', { signature: '0'.repeat(64) }, 'partner-signature'],
    ['a signature cut short', { signature: 'abc' }, 'partner-signature'],
    ['a nonce too short to be one', { nonce: 'a' }, 'partner-nonce'],
    ['a clock eleven minutes slow', { timestamp: '1795484940' }, 'partner-clock'],
    ['a clock eleven minutes fast', { timestamp: '1795486260' }, 'partner-clock'],
    ['no time at all', { timestamp: '' }, 'partner-clock'],
  ])('%s is refused', async (_what, wrong, expected) => {
    expect(Math.floor(t.clock.now.getTime() / 1000)).toBe(1_795_485_600)
    expect(await code(partner.report(aVisit(), wrong))).toEqual([401, expected])
  })

  it('a body changed on the way is refused, and the refused request writes nothing', async () => {
    const visit = aVisit()
    const changed = JSON.stringify({ ...visit, staffNumber: DONGHU.colleague })
    expect(await code(partner.report(visit, { body: changed }))).toEqual([401, 'partner-signature'])
    const { rows } = await t.asOwner('select 1 from visit where affair_number = $1', [visit.affairNumber])
    expect(rows).toEqual([])
  })

  it('a signature for one address does not open another', async () => {
    const body = JSON.stringify(aVisit())
    const [timestamp, nonce] = [String(t.clock.now.getTime() / 1000), randomUUID()]
    const signature = partnerSignature(
      Buffer.from(partner.secret, 'hex'),
      timestamp,
      nonce,
      'POST',
      '/api/v1/adapters/hall/evaluations',
      body,
    )
    expect(await code(partner.report(JSON.parse(body), { timestamp, nonce, signature }))).toEqual([
      401,
      'partner-signature',
    ])
  })

  it('a stranger learns that a signature is needed before anything else', async () => {
    for (const url of ['/api/v1/affairs/visits', '/api/v1/adapters/hall/evaluations'])
      for (const payload of [{}, aVisit()])
        expect((await t.server.inject({ method: 'POST', url, payload })).statusCode).toBe(401)
  })

  it('a key that was switched off opens nothing any more', async () => {
    const gone = await aPartner(t)
    await t.asOwner('update partner_key set active = false where key_id = $1', [gone.keyId])
    expect(await code(gone.report(aVisit()))).toEqual([401, 'partner-unknown'])
  })

  it('keeps the secret of a partner sealed', async () => {
    const { rows } = await t.asOwner('select p::text as line from partner_key p where key_id = $1', [
      partner.keyId,
    ])
    expect(rows[0].line).not.toContain(partner.secret)
  })

  it('nonces are remembered as long as their request could be accepted, then forgotten', async () => {
    const own = await aPartner(t)
    await own.report(aVisit())
    const held = async () =>
      (await t.asOwner('select 1 from partner_nonce where key_id = $1', [own.keyId])).rows.length
    await t.services.affairs.sweep()
    expect(await held()).toBe(1)
    t.clock.forward(21 * 60_000)
    await t.services.affairs.sweep()
    expect(await held()).toBe(0)
    t.clock.forward(-21 * 60_000)
  })
})
