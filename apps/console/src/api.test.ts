import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer, type Gateway, startGateway } from '../../../tests/support/gateway.ts'
import { type ApiProblem, api, asProblem, client } from './api.ts'

// Stands for the server, and keeps what it was asked.
let server: Gateway
let base: string
beforeAll(async () => {
  server = await startGateway()
  base = server.url
})
afterAll(() => server.close())
const answers = (status: number, body?: unknown) => {
  server.received.length = 0
  server.answer(answer(status, body))
}

const refused = (asked: Promise<unknown>): Promise<ApiProblem> =>
  asked.then(
    () => Promise.reject(new Error('it was not refused')),
    (problem) => problem,
  )

describe('the server as the console asks it', () => {
  it('puts into the address what is set, and leaves out what is not', async () => {
    answers(200, { items: [] })
    await api.get(`${base}/cases`, { page: 2, q: '', region: undefined, mine: true, words: '窗口 3&4' })
    expect([...server.received[0]!.query]).toEqual([
      ['page', '2'],
      ['mine', 'true'],
      ['words', '窗口 3&4'],
    ])
    await api.get(`${base}/cases`, { q: '' })
    expect([...server.received[1]!.query]).toEqual([])
  })

  it('sends the token with whatever changes something, and not with what only asks', async () => {
    client.csrfToken = 'token'
    answers(200, {})
    await api.get(`${base}/x`)
    await api.post(`${base}/x`, { a: 1 })
    await api.put(`${base}/x`, {})
    await api.delete(`${base}/x`)
    expect(server.received.map(({ headers }) => headers['x-csrf-token'])).toEqual([
      undefined,
      'token',
      'token',
      'token',
    ])
    expect(server.received[1]?.body).toBe('{"a":1}')
    client.csrfToken = ''
  })

  it('takes an answer without content for one', async () => {
    answers(204)
    expect(await api.delete(`${base}/x`)).toBeUndefined()
  })

  it('gives a refusal with its words and what is wrong with each field', async () => {
    answers(422, {
      code: 'invalid',
      detail: '请检查填写的内容。',
      errors: [
        { field: 'reply', message: '请填写答复' },
        { field: 'values.day', message: '应晚于今天' },
      ],
    })
    expect(await refused(api.post(`${base}/x`))).toMatchObject({
      status: 422,
      code: 'invalid',
      message: '请检查填写的内容。',
      fields: { reply: '请填写答复', 'values.day': '应晚于今天' },
    })
    answers(400, { code: 'bad-period', detail: '结束日期不能早于开始日期。', field: 'to' })
    expect((await refused(api.get(`${base}/x`))).fields).toEqual({ to: '结束日期不能早于开始日期。' })
  })

  it('says in words what it could not read, and that it could not reach the server', async () => {
    server.answer((reply) => void reply.writeHead(502).end('<html>Bad Gateway</html>'))
    expect(await refused(api.get(`${base}/x`))).toMatchObject({ status: 502, code: 'unreadable' })
    const closed = await refused(api.get('http://127.0.0.1:1/x'))
    expect(closed).toMatchObject({ status: 0, code: 'unreachable' })
    expect(closed.message).toContain('连接不上服务器')
  })

  it('tells the session when it is over, and of nothing else', async () => {
    const away: string[] = []
    client.onTurnedAway = ({ code }) => void away.push(code)
    for (const [status, code] of [
      [401, 'not-signed-in'],
      [403, 'must-change-password'],
      [401, 'sign-in-failed'],
      [403, 'event-not-allowed'],
    ] as const) {
      answers(status, { code, detail: '……' })
      await refused(api.get(`${base}/x`))
    }
    expect(away).toEqual(['not-signed-in', 'must-change-password'])
    client.onTurnedAway = () => undefined
  })

  it('makes of any failure something that can be shown', () => {
    expect(asProblem(new TypeError('x is not a function'))).toMatchObject({ code: 'client', status: 0 })
  })
})
