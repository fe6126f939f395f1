import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiProblem, api, asProblem, client } from './api.ts'

let server: Server
let base: string
let heard: { method?: string | undefined; url?: string | undefined; csrf: unknown; body: string }[] = []
let answer: (response: ServerResponse) => void = () => undefined

const bodyOf = async (request: IncomingMessage) => {
  let body = ''
  for await (const part of request) body += part
  return body
}
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { method, url, headers } = request
    heard.push({ method, url, csrf: headers['x-csrf-token'], body: await bodyOf(request) })
    answer(response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((done) => server.close(done)))

const answering = (status: number, body: unknown) => {
  heard = []
  answer = (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof body === 'string' ? body : JSON.stringify(body))
}
const refused = (asked: Promise<unknown>): Promise<ApiProblem> =>
  asked.then(
    () => Promise.reject(new Error('it was not refused')),
    (problem) => problem,
  )

describe('the server as the console asks it', () => {
  it('puts into the address what is set, and leaves out what is not', async () => {
    answering(200, { items: [] })
    await api.get(`${base}/cases`, { page: 2, q: '', region: undefined, mine: true, words: '窗口 3&4' })
    expect(heard[0]?.url).toBe(`/cases?page=2&mine=true&words=${encodeURIComponent('窗口')}+3%264`)
    await api.get(`${base}/cases`, { q: '' })
    expect(heard[1]?.url).toBe('/cases')
  })

  it('sends the token with whatever changes something, and not with what only asks', async () => {
    client.csrfToken = 'token'
    answering(200, {})
    await api.get(`${base}/x`)
    await api.post(`${base}/x`, { a: 1 })
    await api.put(`${base}/x`, {})
    await api.delete(`${base}/x`)
    expect(heard.map(({ csrf }) => csrf)).toEqual([undefined, 'token', 'token', 'token'])
    expect(heard[1]?.body).toBe('{"a":1}')
    client.csrfToken = ''
  })

  it('takes an answer without content for one', async () => {
    answer = (response) => response.writeHead(204).end()
    expect(await api.delete(`${base}/x`)).toBeUndefined()
  })

  it('gives a refusal with its words and what is wrong with each field', async () => {
    answering(422, {
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
    answering(400, { code: 'bad-period', detail: '结束日期不能早于开始日期。', field: 'to' })
    expect((await refused(api.get(`${base}/x`))).fields).toEqual({ to: '结束日期不能早于开始日期。' })
  })

  it('says in words what it could not read, and that it could not reach the server', async () => {
    answering(502, '<html>Bad Gateway</html>')
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
      answering(status, { code, detail: '……' })
      await refused(api.get(`${base}/x`))
    }
    expect(away).toEqual(['not-signed-in', 'must-change-password'])
    client.onTurnedAway = () => undefined
  })

  it('makes of any failure something that can be shown', () => {
    expect(asProblem(new TypeError('x is not a function'))).toMatchObject({ code: 'client', status: 0 })
  })
})
