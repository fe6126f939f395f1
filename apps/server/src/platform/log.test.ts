import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { memoryLog } from '../../../../tests/support/log.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aRating } from '../../../../tests/support/rating.ts'
import { signIn } from '../../../../tests/support/sign-in.ts'
import { aPartner, aVisit } from '../../../../tests/support/visits.ts'
import { makeServer } from '../server.ts'
import { makeServices } from '../services.ts'
import { loggedError } from './log.ts'

const PERSON = { name: '赵不露', idNumber: '990101199003072344', phone: '13876543210' }
const WORDS = '请打 13876543210 找赵不露，工作人员骂人'
const memory = memoryLog()
const secrets = new Set<string>([...Object.values(PERSON), WORDS])

let t: TestApp
beforeAll(async () => {
  const city = await testCity()
  const app = { ...city.app, log: memory.log }
  const services = makeServices(app)
  const server = await makeServer(app, services)
  await server.ready()
  t = { ...city, app, services, server }
})
afterAll(async () => {
  await t.server.close()
  await t.close()
})

const rate = (token: string, evaluation: object) =>
  t.server.inject({ method: 'POST', url: '/api/v1/evaluations', payload: { token, evaluation } })
const leaked = () => [...secrets].filter((secret) => memory.text().includes(secret))

describe('the log of a day', () => {
  it('in which people report, rate, ask again, sign in and mistype holds no person, no word, no token, no secret', async () => {
    const partner = await aPartner(t)
    secrets.add(partner.secret)
    const reported = await partner.report(aVisit({ applicant: PERSON }))
    const token = reported.json<{ answers: [{ token: string }] }>().answers[0].token
    secrets.add(token)
    const rating = aRating({ level: 1, words: WORDS, realName: true, name: PERSON.name, phone: PERSON.phone })
    const given = await rate(token, rating)
    expect(given.statusCode).toBe(201)
    const { receiptToken } = given.json<{ receiptToken: string }>()
    secrets.add(receiptToken)
    await rate(token, { ...rating, submissionId: randomUUID() })
    await rate(token, { ...rating, phone: `${PERSON.phone}9` })
    await rate(token, { ...rating, [PERSON.phone]: PERSON.name })
    await rate(`${token}x`, rating)
    for (const url of [
      `/r/${token}`,
      `/p/${receiptToken}`,
      `/api/v1/invitations/${token}`,
      `/api/v1/receipts/${receiptToken}`,
      `/api/v1/receipts/${receiptToken}/proof`,
      `/r/${token}/${PERSON.phone}`,
      `/nowhere?phone=${PERSON.phone}&name=${encodeURIComponent(PERSON.name)}`,
    ])
      for (const accept of ['text/html', 'application/json'])
        await t.server.inject({ url, headers: { accept, referer: `http://x/r/${token}` } })
    await t.settle()
    const browser = await signIn(t, 'handler-dh')
    for (const secret of [browser.cookie, browser.csrfToken]) secrets.add(secret)
    await browser.get('/api/v1/evaluations')
    secrets.add('Wrong-Pass-2026')
    await t.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { username: 'handler-dh', password: 'Wrong-Pass-2026' },
    })
    expect(memory.lines().filter((line) => line.msg === 'request').length).toBeGreaterThan(15)
    expect(leaked()).toEqual([])
  })

  it('and in which the database cannot read a citizen’s words, and quotes them, still holds none', async () => {
    const partner = await aPartner(t)
    const reported = await partner.report(aVisit({ applicant: PERSON }))
    const token = reported.json<{ answers: [{ token: string }] }>().answers[0].token
    secrets.add(token)
    await t.asOwner(
      `alter table entry_text add constraint numbers check ((content ->> 'words')::integer > 0) not valid`,
    )
    const answer = await rate(token, aRating({ level: 1, words: WORDS }))
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toMatch(/integer|138/)
    expect(memory.lines().findLast((line) => line.msg === 'request failed')).toMatchObject({
      route: '/api/v1/evaluations',
      err: { code: '22P02', message: 'a value could not be read' },
    })
    expect(leaked()).toEqual([])
  })
})

describe('an error in the log', () => {
  it('keeps its kind, its message, its place and its cause', () => {
    const error = new RangeError('too far', { cause: new Error('the map ends') })
    expect(loggedError(error)).toMatchObject({
      type: 'RangeError',
      message: 'too far',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'Error', message: 'the map ends' },
    })
  })
  it('loses whatever quotes what was sent', () => {
    const broken = (() => {
      try {
        return JSON.parse(`{"phone":${PERSON.phone}x}`)
      } catch (error) {
        return error
      }
    })()
    expect(JSON.stringify(loggedError(broken))).not.toContain('13876')
    expect(loggedError(PERSON.phone)).toEqual({ type: 'string' })
    const refused = Object.assign(new Error(`invalid input syntax for type uuid: "${PERSON.phone}"`), {
      code: '22P02',
      where: PERSON.phone,
    })
    expect(JSON.stringify(loggedError(refused))).not.toContain(PERSON.phone)
  })
})
