import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../tests/support/app.ts'
import { appealEvidence } from '../../../tests/support/appeals.ts'
import { aCase, act, evidence, loadCalendar, official } from '../../../tests/support/cases.ts'
import { district, OFFICIALS, testCity, type Username } from '../../../tests/support/longming.ts'
import { at } from '../../../tests/support/rating.ts'
import { type Expectation, ROUTES, type Sample } from '../../../tests/support/route-expectations.ts'
import { type Browser, signIn } from '../../../tests/support/sign-in.ts'
import { supervisionSample } from '../../../tests/support/supervision.ts'
import { permissionsOf } from './modules/identity/permissions.ts'
import type { Access } from './platform/http.ts'

// Every route × every role × own and other district, from the route table itself.

let t: TestApp
const browsers = new Map<Username, Browser>()
const samples: Sample[] = []
const everybody = Object.keys(OFFICIALS) as Username[]

beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  for (const short of ['dh', 'xl'] as const) samples.push(await sampleOf(short))
  await t.settle()
  for (const name of everybody) browsers.set(name, await signIn(t, name))
}, 120_000)
afterAll(() => t.close())

/** A real-name bad rating in a district, its case worked up to the reply, so that there is one of everything. */
async function sampleOf(short: 'dh' | 'xl'): Promise<Sample> {
  const d = district(short)
  const words = `只有${short}可见`
  const evaluationId = await aCase(t, { level: 1, realName: true, words }, at(d))
  const handler = await official(t, `handler-${short}`)
  const step = (event: string, values: Record<string, string>) => act(t, handler, evaluationId, event, values)
  await step('sign', { verifier: handler.accountId })
  await step('record_contact', { result: 'reached', note: `回访${short}` })
  const fileId = await evidence(t, handler, evaluationId)
  await step('explain', { finding: '已查', legalBasis: '规定' })
  await step('explained', { explanation: '说明' })
  await step('reply', { reply: '情况说明。' })
  await t.settle()
  const { rows: messages } = await t.asOwner(
    'select message_id from outbound_message where evaluation_id = $1',
    [evaluationId],
  )
  const messageId = messages[0].message_id as string
  const accountId = await t.services.identity.createAccount('system', {
    username: `spare-${short}`,
    displayName: '备用',
    role: 'handler',
    organizationId: d.department,
    password: 'Spare-Pass-2026',
  })
  const { caseNumber } = await t.services.rectification.detail(handler, evaluationId)
  const { id: complaintId } = await t.services.complaints.register(await official(t, `district-${short}`), {
    submissionId: randomUUID(),
    kind: 'complaint',
    medium: 'hotline',
    windowCode: d.window,
    text: words,
    person: { name: '孙丽', phone: '13812345678' },
    receivedAt: t.clock.now.toISOString(),
  })
  const window = await official(t, `window-${short}`)
  const appealFileId = await appealEvidence(t, window, evaluationId)
  await t.services.appeals.file(window, evaluationId, {
    claim: 'mistaken',
    statement: `不属实${short}`,
    evidence: [appealFileId],
  })
  const supervision = await supervisionSample(t, short, evaluationId)
  const secrets = [
    ...Object.values(supervision),
    appealFileId,
    evaluationId,
    complaintId,
    fileId,
    messageId,
    accountId,
    caseNumber,
    words,
    `handler-${short}`,
  ]
  return {
    ...d,
    short,
    evaluationId,
    complaintId,
    fileId,
    appealFileId,
    messageId,
    accountId,
    supervision,
    secrets,
  }
}

const routes = () => t.server.routeTable.map((line) => ({ ...line, name: `${line.method} ${line.url}` }))
const permitted = (username: Username, access: Access) =>
  access.kind !== 'permission' ||
  permissionsOf(OFFICIALS[username].role).some((permission) => permission === access.permission)
const contains = (username: Username, d: Sample) =>
  OFFICIALS[username].organizationId === 'lm' || OFFICIALS[username].organizationId.startsWith(d.organization)
const callOf = (expectation: Expectation, d: Sample) =>
  typeof expectation.call === 'function' ? expectation.call(d) : expectation.call
const code = (answer: LightMyRequestResponse) => {
  try {
    return (JSON.parse(answer.body) as { code?: string }).code
  } catch {
    return undefined
  }
}

it('every route has a line in the table, and every line a route', () => {
  expect(Object.keys(ROUTES).sort()).toEqual([...new Set(routes().map((route) => route.name))].sort())
})

it('the city has somebody in every role, in both districts', () => {
  const roles = (suffix: string) =>
    everybody.filter((name) => name.endsWith(suffix)).map((name) => OFFICIALS[name].role)
  expect(roles('-dh').sort()).toEqual(roles('-xl').sort())
  expect(new Set(everybody.map((name) => OFFICIALS[name].role)).size).toBe(7)
})

describe.each(Object.entries(ROUTES))('%s', (name, expectation) => {
  const route = () => routes().find((one) => one.name === name)!
  const method = name.split(' ')[0] as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  const guarded = () => ['session', 'permission'].includes(route().access.kind)
  const ask = (username: Username, d: Sample) => {
    const { url, ...more } = callOf(expectation, d)
    return browsers.get(username)!.request(method, url, more)
  }
  const answers = new Map<string, LightMyRequestResponse>()
  /** What somebody is answered about a place; asked once, and looked at for all there is to see in it. */
  const answerTo = async (username: Username, d: Sample) => {
    const key = `${username} ${d.short}`
    const answer = answers.get(key) ?? (await ask(username, d))
    answers.set(key, answer)
    return answer
  }
  afterAll(() => answers.clear())

  it('declares an access that fits how far it reaches', () => {
    const kinds = { open: ['public', 'token', 'partner'], self: ['session'], same: ['session', 'permission'] }
    const { reach } = expectation
    expect(reach === 'list' || reach === 'one' ? ['permission'] : kinds[reach]).toContain(route().access.kind)
  })

  it('asks a stranger to sign in where it must, and only there', async () => {
    const call = callOf(expectation, samples[0]!)
    for (const stranger of [{}, { cookies: { hcp_session: 'made-up' } }]) {
      const answer = await t.server.inject({ method, ...call, ...stranger })
      if (guarded() || route().access.kind === 'partner') expect(answer.statusCode).toBe(401)
      else if (name !== 'POST /api/v1/session') expect([401, 403]).not.toContain(answer.statusCode)
      expect(answer.statusCode).toBeLessThan(500)
      for (const secret of samples.flatMap((d) => d.secrets)) expect(answer.body).not.toContain(secret)
    }
    if (guarded() && method === 'GET')
      expect((await t.server.inject({ method: 'HEAD', url: call.url })).statusCode).toBe(401)
  })

  it('refuses every role without the permission, and lets in every role with it', async () => {
    if (expectation.reach === 'open' || name === 'DELETE /api/v1/session') return
    for (const username of everybody)
      for (const d of samples.filter((one) => contains(username, one))) {
        const answer = await answerTo(username, d)
        if (permitted(username, route().access)) {
          expect([401, 'not-allowed'], `${username}: ${answer.body}`).not.toContain(answer.statusCode)
          expect(code(answer), username).not.toBe('not-allowed')
          if (method === 'GET') expect(answer.statusCode, `${username}: ${answer.body}`).toBe(200)
        } else expect([answer.statusCode, code(answer)], username).toEqual([403, 'not-allowed'])
        expect(answer.statusCode, answer.body).toBeLessThan(500)
      }
  })

  it('tells of one’s own place and of no other', async () => {
    const { reach } = expectation
    if (reach !== 'list' && reach !== 'one') return
    for (const username of everybody.filter((who) => permitted(who, route().access)))
      for (const d of samples) {
        const answer = await answerTo(username, d)
        const elsewhere = samples.filter((one) => !contains(username, one))
        const foreign = elsewhere.flatMap((one) => [...one.secrets, one.departmentName])
        // What was asked for may come back in the refusal; nothing else of it may.
        const asked = JSON.stringify(callOf(expectation, d))
        for (const secret of foreign.filter((one) => !asked.includes(one)))
          expect(answer.body.includes(secret), `${username} sees ${secret}`).toBe(false)
        if (reach === 'one' && !contains(username, d))
          expect(expectation.refused(answer), `${username}: ${answer.statusCode} ${answer.body}`).toBe(true)
        if (reach === 'one' && contains(username, d))
          expect(expectation.refused(answer), `${username}: ${answer.statusCode} ${answer.body}`).toBe(false)
        if (reach === 'list' && contains(username, d))
          expect(answer.body, username).toContain(expectation.shows(d))
      }
  })

  it('changes nothing without the token against forged requests', async () => {
    if (!guarded() || method === 'GET') return
    const username = everybody.find((who) => permitted(who, route().access))!
    const { cookie } = browsers.get(username)!
    const call = callOf(expectation, samples[0]!)
    for (const token of [undefined, 'x'.repeat(32)]) {
      const answer = await t.server.inject({
        method,
        ...call,
        cookies: { hcp_session: cookie },
        headers: { ...call.headers, ...(token && { 'x-csrf-token': token }) },
      })
      expect([answer.statusCode, code(answer)]).toEqual([403, 'csrf'])
    }
  })

  it('waits until a first password is changed', async () => {
    if (route().access.kind !== 'permission') return
    const username = everybody.find((who) => permitted(who, route().access))!
    await t.asOwner('update account set must_change_password = true where username = $1', [username])
    const answer = await ask(username, samples[0]!)
    await t.asOwner('update account set must_change_password = false where username = $1', [username])
    expect([answer.statusCode, code(answer)]).toEqual([403, 'must-change-password'])
  })
})
