import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { OFFICIALS, PASSWORD, testCity } from '../../../../../tests/support/longming.ts'
import { signIn } from '../../../../../tests/support/sign-in.ts'
import { hashPassword } from './password.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  // Elsewhere the passwords of the city are kept so that they are quick to compare, and here as they are in real use.
  for (const username of Object.keys(OFFICIALS))
    await t.asOwner('update account set password_hash = $1 where username = $2', [
      await hashPassword(PASSWORD),
      username,
    ])
})
afterAll(() => t.close())

const MINUTE = 60_000
const attempt = (username: string, password: string) =>
  t.server.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password } })
const status = async (username: string, password: string) => (await attempt(username, password)).statusCode
const setPolicy = async (key: string, value: number) => {
  await t.asOwner(
    `insert into policy (key, region_code, version, value, unit, valid_from)
     values ($1, '990100000000', 1, $2, '', '2026-01-01') on conflict (key, region_code, version) do update set value = $2`,
    [key, value],
  )
  t.services.catalog.forget()
}

describe('signing in', () => {
  it('reads no more of a stranger than a name and a password need', async () => {
    expect((await attempt('x'.repeat(10_000), PASSWORD)).statusCode).toBe(413)
  })

  it('tells who one is, what one may do, and gives a token against forged requests', async () => {
    const answer = await attempt('handler-dh', PASSWORD)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      mode: 'demo',
      csrfToken: expect.stringMatching(/^[\w-]{32}$/),
      official: {
        username: 'handler-dh',
        role: 'handler',
        roleLabel: '经办人',
        organizationId: 'lm-dh-gaj',
        organizationName: '东湖区公安局',
        permissions: expect.arrayContaining(['cases.handle']),
        mustChangePassword: false,
      },
    })
    expect(answer.body).not.toContain('argon2')
  })

  it('gives a cookie that no script reads and no other site sends', async () => {
    const cookie = (await attempt('handler-dh', PASSWORD)).headers['set-cookie'] as string
    expect(cookie).toMatch(/^hcp_session=[\w-]{43};/)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie).toContain('Path=/')
    expect(cookie).not.toContain('Secure')
  })

  it('gives a cookie for https only where citizens reach the system by https', async () => {
    const other = await testCity({ HAOCHAPING_PUBLIC_URL: 'https://hcp.example' })
    const answer = await other.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { username: 'city', password: PASSWORD },
    })
    expect(answer.headers['set-cookie']).toContain('Secure')
    await other.close()
  })

  it('answers an unknown name and a wrong password with the same words', async () => {
    const [unknown, wrong] = [
      await attempt('nobody-here', PASSWORD),
      await attempt('city', 'wrong-Password-1'),
    ]
    expect(unknown.statusCode).toBe(401)
    expect(unknown.body).toBe(wrong.body)
    expect(unknown.json()).toMatchObject({ code: 'sign-in-failed', detail: '用户名或密码不对。' })
  })

  it('takes the trouble of checking a password for an unknown name too', async () => {
    // The work of this process, not the time on the wall: other programs may be busy.
    const work = async (username: string) => {
      const before = process.cpuUsage()
      await attempt(username, 'wrong-Password-1')
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    const least = async (name: (i: number) => string) =>
      Math.min(await work(name(1)), await work(name(2)), await work(name(3)))
    const known = await least(() => 'auditor-xl')
    expect(await least((i) => `nobody-${i}`)).toBeGreaterThan(known / 3)
  })

  it('keeps of a password an argon2id hash with a salt of its own, of a session no secret', async () => {
    await t.services.identity.createAccount('system', {
      username: 'kept',
      displayName: '留存',
      role: 'handler',
      organizationId: 'lm-dh-gaj',
      password: PASSWORD,
    })
    const { rows } = await t.asOwner('select password_hash from account')
    for (const row of rows) expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(new Set(rows.map((row) => row.password_hash)).size).toBe(rows.length)
    const { cookie } = await signIn(t, 'city')
    const sessions = await t.asOwner(`select s::text as line from session s`)
    expect(sessions.rows.map((row) => row.line).join()).not.toContain(cookie)
    expect(sessions.rows.map((row) => row.line).join()).not.toContain(
      Buffer.from(cookie, 'base64url').toString('hex'),
    )
  })

  it('is written into the journal without a name', async () => {
    const { official } = await signIn(t, 'head-xl')
    const { rows } = await t.asOwner(
      `select actor, payload from journal_entry where kind = 'account.signed-in' and actor = $1`,
      [`account:${official.accountId}`],
    )
    expect(rows).toEqual([
      { actor: `account:${official.accountId}`, payload: { accountId: official.accountId } },
    ])
  })

  it('with what no name can be is refused like any other mistake', async () => {
    expect(await status('city\u0000', PASSWORD)).toBe(400)
    expect(await status("city' or '1'='1", PASSWORD)).toBe(401)
    expect(await status('', PASSWORD)).toBe(422)
  })
})

describe('guessing', () => {
  const guess = (username: string, times: number) =>
    Promise.all(Array.from({ length: times }, () => status(username, 'wrong-Password-1')))

  it('five times locks the account for a quarter of an hour, also for who knows the password', async () => {
    for (let i = 0; i < 5; i++) expect(await status('district-dh', 'wrong-Password-1')).toBe(401)
    const locked = await attempt('district-dh', PASSWORD)
    expect(locked.statusCode).toBe(429)
    expect(locked.json()).toMatchObject({
      code: 'account-locked',
      detail: expect.stringContaining('锁定，15 分钟后'),
    })
    t.clock.forward(14 * MINUTE)
    expect(await status('district-dh', PASSWORD)).toBe(429)
    t.clock.forward(2 * MINUTE)
    expect(await status('district-dh', PASSWORD)).toBe(200)
  })

  it('fewer times and then getting it right begins the count anew', async () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4; i++) await status('district-xl', 'wrong-Password-1')
      expect(await status('district-xl', PASSWORD)).toBe(200)
    }
  })

  it('from many sides at once is counted guess by guess', async () => {
    await guess('window-dh', 5)
    expect(await status('window-dh', PASSWORD)).toBe(429)
    const { rows } = await t.asOwner(
      `select count(*)::int as n from journal_entry e join account a on e.payload->>'accountId' = a.account_id::text
       where a.username = 'window-dh' and e.kind = 'account.locked'`,
    )
    expect(rows).toEqual([{ n: 1 }])
  })

  it('locks after as many times and for as long as the policy says', async () => {
    await setPolicy('lockout_failures', 3)
    await setPolicy('lockout_minutes', 60)
    await guess('window-xl', 3)
    t.clock.forward(59 * MINUTE)
    expect(await status('window-xl', PASSWORD)).toBe(429)
    t.clock.forward(2 * MINUTE)
    expect(await status('window-xl', PASSWORD)).toBe(200)
    await t.asOwner('delete from policy')
    t.services.catalog.forget()
  })

  it('leaves others alone and leaves open sessions alone', async () => {
    const open = await signIn(t, 'auditor-dh')
    await guess('auditor-dh', 5)
    expect((await open.get('/api/v1/session')).statusCode).toBe(200)
    expect(await status('auditor-xl', PASSWORD)).toBe(200)
  })

  it('the current password in an open session locks it as guessing at the door does', async () => {
    const open = await signIn(t, 'handler-xl')
    const change = (current: string) =>
      open.post('/api/v1/session/password', { current, next: 'Another-Good-1' })
    for (let i = 0; i < 5; i++) expect((await change('wrong-Password-1')).statusCode).toBe(400)
    expect((await change(PASSWORD)).statusCode).toBe(429)
    expect(await status('handler-xl', PASSWORD)).toBe(429)
  })
})

describe('a session', () => {
  const alive = async (browser: Awaited<ReturnType<typeof signIn>>) =>
    (await browser.get('/api/v1/session')).statusCode === 200

  it('ends half an hour after it was last used', async () => {
    const used = await signIn(t, 'city')
    const unused = await signIn(t, 'city')
    t.clock.forward(20 * MINUTE)
    expect(await alive(used)).toBe(true)
    t.clock.forward(20 * MINUTE)
    expect(await alive(used)).toBe(true)
    expect(await alive(unused)).toBe(false)
    t.clock.forward(31 * MINUTE)
    expect(await alive(used)).toBe(false)
  })

  it('ends after eight hours however busy it is', async () => {
    const browser = await signIn(t, 'city')
    for (let minutes = 0; minutes < 480; minutes += 24) {
      t.clock.forward(24 * MINUTE)
      expect(await alive(browser)).toBe(true)
    }
    t.clock.forward(MINUTE)
    expect(await alive(browser)).toBe(false)
  })

  it('does not come back to life when the clock is set back', async () => {
    const browser = await signIn(t, 'city')
    t.clock.forward(31 * MINUTE)
    expect(await alive(browser)).toBe(false)
    t.clock.forward(-31 * MINUTE)
    expect(await alive(browser)).toBe(false)
  })

  it('ends when one signs out, and only that one', async () => {
    const [one, two] = [await signIn(t, 'city'), await signIn(t, 'city')]
    const out = await one.request('DELETE', '/api/v1/session')
    expect(out.statusCode).toBe(204)
    expect(out.headers['set-cookie']).toMatch(/^hcp_session=;/)
    expect(await alive(one)).toBe(false)
    expect(await alive(two)).toBe(true)
  })

  it('nobody used for a day is swept away', async () => {
    await signIn(t, 'city')
    t.clock.forward(25 * 60 * MINUTE)
    await t.services.identity.sweep()
    expect((await t.asOwner('select 1 from session')).rows).toEqual([])
  })

  it.each([
    ['no token', {}],
    ['an empty token', { 'x-csrf-token': '' }],
    ['a made-up token', { 'x-csrf-token': 'x'.repeat(32) }],
    ['a token of other characters', { 'x-csrf-token': 'é'.repeat(32) }],
    ['two tokens', { 'x-csrf-token': ['a', 'b'] }],
  ])('changes nothing for a request with %s', async (_what, headers) => {
    const browser = await signIn(t, 'city')
    const forged = await t.server.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      cookies: { hcp_session: browser.cookie },
      headers,
    })
    expect(forged.statusCode).toBe(403)
    expect(forged.json()).toMatchObject({ code: 'csrf' })
    expect(await alive(browser)).toBe(true)
  })

  it('takes no token of another session of the same person', async () => {
    const [one, two] = [await signIn(t, 'city'), await signIn(t, 'city')]
    expect(one.csrfToken).not.toBe(two.csrfToken)
    const mixed = await one.request('DELETE', '/api/v1/session', {
      headers: { 'x-csrf-token': two.csrfToken },
    })
    expect(mixed.statusCode).toBe(403)
  })
})
