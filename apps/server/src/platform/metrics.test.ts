import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'

const TOKEN = 'a-token-for-the-watch'
const LOCAL = '127.0.0.1'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe.each([
  { name: 'a demonstration', env: {}, open: true },
  { name: 'a demonstration with a token', env: { HAOCHAPING_METRICS_TOKEN: TOKEN }, open: true },
  { name: 'production without a token', env: { HAOCHAPING_MODE: 'production' }, open: false },
  {
    name: 'production with a token',
    env: { HAOCHAPING_MODE: 'production', HAOCHAPING_METRICS_TOKEN: TOKEN },
    open: false,
  },
])('/metrics of $name', ({ env, open }) => {
  let t: TestApp
  beforeAll(async () => {
    t = await testApp(env)
  })
  afterAll(() => t.close())

  const ask = (remoteAddress: string, headers: Record<string, string> = {}) =>
    t.server.inject({ url: '/metrics', remoteAddress, headers })
  const refused = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked)
    expect(answer.json()).toMatchObject({ status: 403, code: 'metrics-closed' })
    expect(answer.body).not.toContain('haochaping_journal_pending')
  }

  it('is open from this machine in a demonstration only', async () => {
    for (const address of [LOCAL, '::1', '::ffff:127.0.0.1', '127.0.0.53'])
      if (open) expect((await ask(address)).body, address).toContain('haochaping_journal_pending 0')
      else await refused(address)
  })

  it('is closed to every other, also one that a proxy on this machine speaks for', async () => {
    for (const address of ['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1']) await refused(address)
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])
      await refused(LOCAL, { [name]: LOCAL })
  })

  it('is open from anywhere with the token, where there is one', async () => {
    const answers = 'HAOCHAPING_METRICS_TOKEN' in env
    if (answers) expect((await ask('10.0.0.7', bearer(TOKEN))).statusCode).toBe(200)
    else await refused('10.0.0.7', bearer(TOKEN))
    for (const wrong of [`${TOKEN}x`, TOKEN.slice(1), 'undefined', ''])
      await refused('10.0.0.7', bearer(wrong))
    await refused('10.0.0.7', { authorization: TOKEN })
  })
})
