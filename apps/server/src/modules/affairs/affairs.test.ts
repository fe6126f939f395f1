import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity, XILING } from '../../../../../tests/support/longming.ts'
import { anOnlineVisit, aPartner, aVisit } from '../../../../../tests/support/visits.ts'
import type { VisitReport } from './affairs.schema.ts'
import type { VisitAnswer } from './affairs.service.ts'

let t: TestApp
let partner: Awaited<ReturnType<typeof aPartner>>
beforeAll(async () => {
  t = await testCity()
  partner = await aPartner(t)
})
afterAll(() => t.close())

type Invited = Extract<VisitAnswer, { token: string }> & { qr?: string }
type Refused = Extract<VisitAnswer, { status: 'refused' }>

const answersTo = async (payload: unknown) => {
  const answer = await partner.report(payload)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<{ answers: VisitAnswer[] }>().answers
}
const invited = async (visit: VisitReport) => (await answersTo(visit))[0] as Invited
const refusal = async (visit: unknown) => ((await answersTo({ visits: [visit] }))[0] as Refused).problem
const rowsOf = async (table: string) => (await t.asOwner(`select * from ${table}`)).rows

describe('reporting a visit', () => {
  it('is answered with a token, its link and a QR code of the link', async () => {
    const visit = aVisit()
    const answer = await invited(visit)
    expect(answer).toMatchObject({ affairNumber: visit.affairNumber, visitNumber: 1, status: 'invited' })
    expect(Buffer.from(answer.token, 'base64url')).toHaveLength(32)
    expect(answer.url).toBe(`${t.app.config.publicUrl}/r/${answer.token}`)
    expect(answer.qr).toMatch(/^<svg [^>]*>/)
    // Thirty days after the service (policy `supplement`, R8).
    expect(answer.expiresAt).toBe('2026-12-24T01:50:00.000Z')
  })

  it('puts no personal data and no affair into the link', async () => {
    const visit = aVisit()
    const { url } = await invited(visit)
    const readable = Buffer.from(url.split('/r/')[1]!, 'base64url').toString('latin1') + url
    for (const secret of [visit.affairNumber, '赵小兰', '13812345678', '990101199003072344'])
      expect(readable).not.toContain(secret)
  })

  it('of the same visit again gives the same invitation and writes nothing', async () => {
    const visit = aVisit()
    const first = await invited(visit)
    const entries = (await rowsOf('journal_entry')).length
    const second = await invited(visit)
    expect(second).toMatchObject({
      status: 'already-invited',
      token: first.token,
      expiresAt: first.expiresAt,
    })
    expect((await rowsOf('journal_entry')).length).toBe(entries)
  })

  it('keeps the end of an invitation that was handed out when the policy changes later', async () => {
    const visit = aVisit()
    const first = await invited(visit)
    await t.asOwner(
      `insert into policy (key, region_code, version, value, unit, valid_from)
       values ('supplement', '990101000000', 1, 60, 'calendar_day', '2026-11-01')`,
    )
    t.services.catalog.forget()
    expect((await invited(visit)).expiresAt).toBe(first.expiresAt)
    await t.asOwner(`delete from policy where key = 'supplement'`)
    t.services.catalog.forget()
  })

  it('with changed content is told so, and what was reported first stands', async () => {
    const visit = aVisit()
    await invited(visit)
    expect(await refusal({ ...visit, stage: '受理' })).toMatchObject({ code: 'visit-conflict' })
    expect(await refusal({ ...visit, applicant: { name: '钱二' } })).toMatchObject({ code: 'visit-conflict' })
    const { rows } = await t.asOwner('select stage from visit where affair_number = $1', [visit.affairNumber])
    expect(rows).toEqual([{ stage: '办结' }])
  })

  it('at once from many sides writes it once and gives all the same token', async () => {
    const visit = aVisit()
    const all = await Promise.all(Array.from({ length: 8 }, () => invited(visit)))
    expect(new Set(all.map((a) => a.token)).size).toBe(1)
    expect(all.filter((a) => a.status === 'invited')).toHaveLength(1)
  })

  it('gives each visit on site its own chance, and all online visits of an affair the same one', async () => {
    const site = aVisit()
    const second = { ...site, visitNumber: 2 }
    const online = anOnlineVisit()
    const subject = (token: string) => Buffer.from(token, 'base64url').subarray(0, 16).toString('hex')
    const [a, b] = [await invited(site), await invited(second)]
    expect(subject(a.token)).not.toBe(subject(b.token))
    const [c, d] = [await invited(online), await invited({ ...online, visitNumber: 2, stage: '送达' })]
    expect(subject(c.token)).toBe(subject(d.token))
    expect(c.token).not.toBe(d.token)
  })

  it('keeps the visits of two partners apart, though their affair numbers are the same', async () => {
    const visit = aVisit()
    const other = await aPartner(t)
    const first = await invited(visit)
    const [second] = (await other.report(visit)).json<{ answers: Invited[] }>().answers
    expect(second).toMatchObject({ status: 'invited' })
    expect(second!.token).not.toBe(first.token)
  })

  it('stores of a token nothing that would let its reader rate', async () => {
    const { token } = await invited(aVisit())
    const secret = Buffer.from(token, 'base64url').subarray(16)
    expect(secret).toHaveLength(16)
    const { rows: tables } = await t.asOwner(
      `select table_name from information_schema.tables where table_schema = 'public'`,
    )
    for (const { table_name } of tables) {
      const { rows } = await t.asOwner(`select t::text as line from ${table_name} t`)
      const dump = rows.map((row) => row.line).join('\n')
      expect(dump, table_name).not.toContain(token)
      expect(dump, table_name).not.toContain(secret.toString('hex'))
    }
  })

  it('keeps the applicant sealed: no table holds name, number or phone in the clear', async () => {
    await invited(aVisit({ applicant: { name: '孙不见', phone: '13998765432' } }))
    for (const table of ['visit', 'personal_data', 'journal_entry', 'entry_text', 'invitation']) {
      const dump = (await t.asOwner(`select t::text as line from ${table} t`)).rows.map((r) => r.line).join()
      expect(dump).not.toContain('孙不见')
      expect(dump).not.toContain('13998765432')
    }
  })
})

describe('a visit that cannot be right is refused in words', () => {
  it.each<[string, Partial<VisitReport>, string, string]>([
    ['an item that is not on the list', { itemCode: 'nix' }, 'unknown-item', 'itemCode'],
    ['a window that does not exist', { windowCode: 'nix' }, 'unknown-window', 'windowCode'],
    ['a staff number that does not exist', { staffNumber: 'nix' }, 'unknown-staff', 'staffNumber'],
    [
      'an organisation that does not exist',
      { organizationId: 'nix' },
      'unknown-organization',
      'organizationId',
    ],
    ['a platform that does not exist', { platformCode: 'nix' }, 'unknown-platform', 'platformCode'],
    [
      'a wrong check digit',
      { applicant: { idNumber: '990101199003072345' } },
      'bad-id-number',
      'applicant.idNumber',
    ],
    ['a phone number too short', { applicant: { phone: '1381234567' } }, 'bad-phone', 'applicant.phone'],
    ['a time yet to come', { servedAt: '2026-11-24T11:00:00+08:00' }, 'served-in-future', 'servedAt'],
    ['an end yet to come', { finishedAt: '9999-12-31T00:00:00+08:00' }, 'time-in-future', 'finishedAt'],
    ['a beginning yet to come', { appliedAt: '2026-11-25T10:00:00+08:00' }, 'time-in-future', 'appliedAt'],
    ['a day that does not exist', { servedAt: '2026-02-30T10:00:00+08:00' }, 'bad-time', 'servedAt'],
    ['a service too long ago', { servedAt: '2026-10-01T10:00:00+08:00' }, 'too-old', 'servedAt'],
    ['an affair number with blanks', { affairNumber: 'A 1' }, 'bad-affair-number', 'affairNumber'],
    ['a name with control characters', { affairName: '补领\u0000' }, 'bad-text', 'affairName'],
  ])('%s', async (_what, wrong, code, field) => {
    const problem = await refusal(aVisit(wrong))
    expect(problem).toMatchObject({ code, field })
    expect(problem.detail).toMatch(/[\u4e00-\u9fff].*。$/)
  })

  it('a visit on site without its window', async () => {
    const { windowCode: _window, ...visit } = aVisit()
    expect(await refusal(visit)).toMatchObject({ code: 'window-missing', field: 'windowCode' })
  })

  it('repeats no personal data in the refusal', async () => {
    const answer = await partner.report(
      aVisit({ applicant: { idNumber: '990101199003072345', phone: '138' } }),
    )
    expect(answer.body).not.toContain('990101199003072345')
  })

  it('a single report without what it needs gets a problem document that names the field', async () => {
    const { stage: _stage, ...visit } = aVisit()
    const answer = await partner.report(visit)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'invalid', errors: [{ field: 'stage' }] })
    expect((await partner.report({ ...aVisit(), stage: '闲聊' })).json()).toMatchObject({
      errors: [{ field: 'stage', message: expect.stringContaining('咨询') }],
    })
    expect((await partner.report({ ...aVisit(), colour: 'red' })).statusCode).toBe(422)
    expect((await partner.report([])).statusCode).toBe(422)
  })

  it('takes a time without a zone as the time of the city', async () => {
    const visit = aVisit({ servedAt: '2026-11-24 09:30:00' })
    await invited(visit)
    const { rows } = await t.asOwner('select served_at from visit where affair_number = $1', [
      visit.affairNumber,
    ])
    expect(rows[0].served_at.toISOString()).toBe('2026-11-24T01:30:00.000Z')
  })
})

describe('a batch', () => {
  it('of 500 is taken, of 501 is not', async () => {
    const visits = Array.from({ length: 501 }, () => aVisit())
    expect((await partner.report({ visits })).statusCode).toBe(422)
    expect((await partner.report({ visits: [] })).statusCode).toBe(422)
    const answers = await answersTo({ visits: visits.slice(0, 500) })
    expect(answers).toHaveLength(500)
    expect(answers.every((a) => a.status === 'invited')).toBe(true)
    expect(answers.map((a) => a.affairNumber)).toEqual(visits.slice(0, 500).map((v) => v.affairNumber))
  })

  it('with bad visits in it invites all others, in the order they came', async () => {
    const { stage: _stage, ...shapeless } = aVisit()
    const twice = aVisit()
    const answers = await answersTo({
      visits: [
        aVisit(),
        aVisit({ itemCode: 'nix' }),
        shapeless,
        aVisit({ affairName: 'A\u0000B' }),
        'not a visit',
        twice,
        twice,
        aVisit({ applicant: { phone: '9'.repeat(40) } }),
        aVisit({ organizationId: XILING.department }),
      ],
    })
    expect(answers.map((a) => (a.status === 'refused' ? a.problem.code : a.status))).toEqual([
      'invited',
      'unknown-item',
      'invalid',
      'bad-text',
      'invalid',
      'invited',
      'twice-in-batch',
      'invalid',
      'invited',
    ])
    expect((answers[2] as Refused).affairNumber).toBe(shapeless.affairNumber)
    expect((answers[2] as Refused).problem).toMatchObject({ field: 'stage' })
  })
})
