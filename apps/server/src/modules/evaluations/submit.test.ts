import { randomUUID } from 'node:crypto'
import { LEVELS, optionsFor } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { aRating, invite } from '../../../../../tests/support/rating.ts'
import { anOnlineVisit, aVisit } from '../../../../../tests/support/visits.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { SubmitEvaluation } from './evaluations.schema.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

const DAY = 86_400_000
/** Sends a rating as a program does. */
const post = (token: string, evaluation: object) =>
  t.server.inject({ method: 'POST', url: '/api/v1/evaluations', payload: { token, evaluation } })
const receiptOf = async (token: string, rating: Partial<SubmitEvaluation> = {}) => {
  const answer = await post(token, aRating(rating))
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json()
}
const refusalOf = async (token: string, rating: object = {}) => {
  const answer = await post(token, aRating(rating))
  return answer.json()
}
const rowsOf = async (token: string) =>
  (
    await t.asOwner('select * from evaluation where evaluation_id = encode($1, $2)::uuid', [
      Buffer.from(token, 'base64url').subarray(0, 16),
      'hex',
    ])
  ).rows
/** Runs `work` at another time and comes back. */
async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  t.clock.forward(milliseconds)
  try {
    return await work()
  } finally {
    t.clock.forward(-milliseconds)
  }
}
const stranger = { applicant: { name: '赵小兰' } }

describe('rating a service', () => {
  it('is answered with a receipt: its number, its secret link, what was said', async () => {
    const token = await invite(t)
    const answer = await post(token, aRating({ level: 2, hallLevel: 5 }))
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({
      receiptNumber: expect.stringMatching(/^PJ20261124-[2-9A-HJKMNP-Z]{8}$/),
      receiptUrl: expect.stringMatching(/\/p\/[\w-]{43}$/),
      level: 2,
      hallLevel: 5,
      negative: true,
    })
    expect(answer.json().receiptToken).not.toBe(token)
  })

  it('needs nothing but a level (R27)', async () => {
    expect(await receiptOf(await invite(t), { level: 1 })).toMatchObject({ negative: true })
    expect(await receiptOf(await invite(t), { level: 3 })).toMatchObject({ negative: false, hallLevel: null })
  })

  it('is negative when either of its two subjects is (R9)', async () => {
    expect(await receiptOf(await invite(t), { level: 5, hallLevel: 1 })).toMatchObject({ negative: true })
  })

  it('may be looked at a hundred times before it is given, and never uses the token up', async () => {
    const token = await invite(t)
    for (let i = 0; i < 100; i++) await t.services.evaluations.openInvitation(token)
    expect((await post(token, aRating())).statusCode).toBe(201)
  })
})

describe('one rating and no more', () => {
  it('for a visit on site; the next visit of the affair has its own (一次一评)', async () => {
    const visit = aVisit()
    await receiptOf(await invite(t, visit))
    const second = await invite(t, { ...visit, visitNumber: 2 })
    expect((await post(second, aRating())).statusCode).toBe(201)
  })

  it('for an affair online, by whichever of its links (一事一评)', async () => {
    const visit = anOnlineVisit()
    const report = (visitNumber: number) =>
      t.services.affairs.report({ source: 'test' }, [{ ...visit, visitNumber }])
    const [first] = await report(1)
    const [second] = await report(2)
    const tokenOf = (answer: typeof first) => (answer && 'token' in answer ? answer.token : '')
    await receiptOf(tokenOf(first))
    const again = await later(DAY, () => post(tokenOf(second), aRating()))
    expect(again.statusCode).toBe(409)
    expect(await rowsOf(tokenOf(first))).toHaveLength(1)
  })

  it('when twenty browsers send at once: one row, the same receipt for all, an error for none', async () => {
    const token = await invite(t)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(token, aRating({ level: (i % 5) + 1 }))),
    )
    expect(answers.filter((a) => a.statusCode === 201)).toHaveLength(1)
    expect(answers.filter((a) => a.statusCode === 200)).toHaveLength(19)
    expect(new Set(answers.map((a) => a.json().receiptNumber)).size).toBe(1)
    expect(new Set(answers.map((a) => a.json().level)).size).toBe(1)
    expect(await rowsOf(token)).toHaveLength(1)
    const { rows } = await t.asOwner(
      `select count(*)::int as n from journal_entry where kind = 'evaluation.submitted' and subject_id = $1`,
      [answers[0]!.json().evaluationId],
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  it('when the answer was lost and the same submission comes again, however late', async () => {
    const token = await invite(t)
    const rating = aRating({ level: 1, words: '等了两个小时' })
    const first = await post(token, rating)
    const again = await later(3 * DAY, () => post(token, rating))
    expect(again.statusCode).toBe(200)
    expect(again.json()).toEqual(first.json())
    // Also when a program spells the same id in capitals.
    const loud = { ...rating, submissionId: rating.submissionId.toUpperCase() }
    expect((await later(3 * DAY, () => post(token, loud))).statusCode).toBe(200)
  })

  it('when the submission id was sent in capitals the first time: the log still agrees with the row', async () => {
    const token = await invite(t)
    const submissionId = randomUUID().toUpperCase()
    await receiptOf(token, { submissionId })
    expect((await later(DAY, () => post(token, aRating({ submissionId })))).statusCode).toBe(200)
  })

  it('after the rating is acknowledged, not even past the end of the invitation', async () => {
    const token = await invite(t)
    const rating = aRating()
    await post(token, rating)
    expect((await later(40 * DAY, () => post(token, rating))).statusCode).toBe(200)
  })
})

describe('a token that does not open a rating is refused in words', () => {
  it('used: another try after the moments in which a second press is forgiven', async () => {
    const token = await invite(t)
    const first = await receiptOf(token)
    expect(await later(119_000, () => receiptOf(token))).toEqual(first)
    expect(await later(121_000, () => refusalOf(token))).toMatchObject({
      status: 409,
      code: 'invitation-used',
      detail: expect.stringContaining('已经评价过了'),
    })
  })

  it('used: the day named is the day of the city, not of Greenwich', async () => {
    const token = await invite(t)
    await later(-4 * 3_600_000 + DAY, () => receiptOf(token))
    expect((await later(2 * DAY, () => refusalOf(token))).detail).toContain('2026年11月25日')
  })

  it('expired: when the period of the policy is over (R8)', async () => {
    const token = await invite(t)
    expect(await later(30 * DAY, () => refusalOf(token))).toMatchObject({
      status: 410,
      code: 'invitation-expired',
      detail: expect.stringContaining('12345'),
    })
    expect(await rowsOf(token)).toEqual([])
    await later(30 * DAY - 11 * 60_000, () => receiptOf(token))
  })

  it('expired: sooner or later where a district keeps another period', async () => {
    await t.asOwner(
      `insert into policy (key, region_code, version, value, unit, valid_from)
       values ('supplement', '990101000000', 1, 45, 'calendar_day', '2026-11-01')`,
    )
    t.services.catalog.forget()
    const token = await invite(t)
    await t.asOwner(`delete from policy where key = 'supplement'`)
    t.services.catalog.forget()
    await later(44 * DAY, () => receiptOf(token))
  })

  it.each([
    ['garbage', () => 'abc'],
    ['nothing', () => ''],
    ['one letter short', (token: string) => token.slice(0, -1)],
    [
      'a guessed secret',
      (token: string) => token.slice(0, 22) + randomUUID().replaceAll('-', '').slice(0, 21),
    ],
    ['something that is not a token at all', () => '../../etc/passwd\u0000'],
  ])('unknown: %s', async (_what, spoil) => {
    const token = await invite(t)
    expect(await refusalOf(spoil(token))).toMatchObject({ status: 404, code: 'invitation-unknown' })
    expect(await rowsOf(token)).toEqual([])
  })

  it('a receipt’s link does not rate and a rating’s link shows no receipt', async () => {
    const token = await invite(t)
    const { receiptToken } = await receiptOf(token)
    expect(await refusalOf(receiptToken)).toMatchObject({ code: 'invitation-unknown' })
    await expect(t.services.evaluations.receiptView(token)).rejects.toMatchObject({ code: 'receipt-unknown' })
  })
})

describe('what is said must fit', () => {
  it('options belong to the level they are given with, of either subject', async () => {
    const token = await invite(t)
    expect(await refusalOf(token, { level: 5, optionCodes: ['510', '108'] })).toMatchObject({
      status: 422,
      errors: [{ field: 'optionCodes', message: expect.stringContaining('108') }],
    })
    expect(await refusalOf(token, { level: 1, optionCodes: ['101'] })).toMatchObject({ status: 422 })
    await receiptOf(token, { level: 5, hallLevel: 1, optionCodes: ['510', '108'] })
  })

  it('every option of the list in use is taken with its level', async () => {
    for (const { level } of LEVELS)
      await receiptOf(await invite(t), { level, optionCodes: optionsFor(level).map((o) => o.code) })
  })

  it('a rating of an online affair has no hall in it', async () => {
    const [answer] = await t.services.affairs.report({ source: 'test' }, [anOnlineVisit()])
    const token = answer && 'token' in answer ? answer.token : ''
    expect(await refusalOf(token, { hallLevel: 3 })).toMatchObject({ errors: [{ field: 'hallLevel' }] })
    await receiptOf(token, { hallLevel: null })
  })

  it('words are as long as the policy allows, counted as people count', async () => {
    const token = await invite(t)
    expect(await refusalOf(token, { words: '好'.repeat(501) })).toMatchObject({
      errors: [{ field: 'words', message: expect.stringMatching(/500.*501/) }],
    })
    await receiptOf(token, { words: '🙂'.repeat(500) })
    await t.asOwner(
      `insert into policy (key, region_code, version, value, unit, valid_from)
       values ('words_max', '990101000000', 1, 10, 'character', '2026-11-01')`,
    )
    t.services.catalog.forget()
    expect(await refusalOf(await invite(t), { words: '一二三四五六七八九十一' })).toMatchObject({
      errors: [{ field: 'words', message: expect.stringContaining('10') }],
    })
    await t.asOwner(`delete from policy where key = 'words_max'`)
    t.services.catalog.forget()
  })

  it('words are kept as they were meant: line breaks stay, control characters and broken halves do not', async () => {
    const { receiptToken } = await receiptOf(await invite(t), { words: ' 一\r\n二\u0000\u0007三\ud800 ' })
    const { words } = await t.services.evaluations.receiptView(receiptToken)
    expect(words).toBe('一\n二  三\ufffd')
  })

  it.each([
    ['no level', { level: undefined }, 'level'],
    ['a level below the scale', { level: 0 }, 'level'],
    ['a level above the scale', { level: 6 }, 'level'],
    ['half a level', { level: 2.5 }, 'level'],
    ['a level in letters', { level: '5' }, 'level'],
    ['a hall level that is none', { hallLevel: 9 }, 'hallLevel'],
    ['the same option twice', { level: 1, optionCodes: ['108', '108'] }, 'optionCodes'],
    ['a submission without an id', { submissionId: 'x' }, 'submissionId'],
    ['a channel that is none', { channel: 8 }, 'channel'],
    ['a field nobody knows', { stars: 5 }, 'stars'],
  ])('%s is refused where it stands, in Chinese', async (_what, wrong, field) => {
    const refused = await refusalOf(await invite(t), wrong)
    expect(refused).toMatchObject({ status: 422, code: 'invalid' })
    expect(refused.errors[0].field).toBe(`evaluation.${field}`)
    expect(refused.errors[0].message).not.toMatch(/[a-z]{3}/)
  })
})

describe('who rates', () => {
  const sealedOf = async (evaluationId: string) =>
    (await t.asOwner('select * from personal_data where evaluation_id = $1', [evaluationId])).rows

  it('an anonymous rating keeps nothing of a person that was typed in all the same', async () => {
    const token = await invite(t, { applicant: undefined } as never)
    const { evaluationId } = await receiptOf(token, { realName: false, name: '赵小兰', phone: '13812345678' })
    expect(await sealedOf(evaluationId)).toEqual([])
  })

  it('a real name needs no more than what the window already knows', async () => {
    await receiptOf(await invite(t), { realName: true })
  })

  it('a real name that nobody knows needs a phone for the call-back (R20)', async () => {
    const token = await invite(t, stranger)
    expect(await refusalOf(token, { realName: true })).toMatchObject({ errors: [{ field: 'phone' }] })
    expect(await refusalOf(token, { realName: true, phone: '12345' })).toMatchObject({
      status: 422,
      errors: [{ field: 'phone' }],
    })
    await receiptOf(token, { realName: true, phone: '+86 138-1234-5678' })
  })

  it('one and the same phone is found however it was written', async () => {
    const index = async (phone: string) => {
      const { evaluationId } = await receiptOf(await invite(t, stranger), { realName: true, phone })
      return (await sealedOf(evaluationId)).find((row) => row.owner_id === evaluationId).phone_index
    }
    const reported = await invite(t, { applicant: { phone: '138 1234 5678' } })
    const { evaluationId } = await receiptOf(reported)
    const [visit] = await sealedOf(evaluationId)
    expect(await index('+8613812345678')).toEqual(await index('138-1234-5678'))
    expect(await index('13812345678')).toEqual(visit.phone_index)
  })

  it('no refusal repeats what was typed', async () => {
    const answer = await post(await invite(t, stranger), aRating({ realName: true, phone: '1381234567' }))
    expect(answer.body).not.toContain('1381234567')
  })
})

it('all that was written agrees with the ledger', async () => {
  await t.settle()
  const { findings, size } = await verifyLedger(t.app, t.services.rowChecks)
  expect(findings).toEqual([])
  expect(size).toBeGreaterThan(60)
})
