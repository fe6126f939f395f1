import { gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryLog } from '../../../../tests/support/log.ts'
import { type HttpServer, makeHttpServer, toProblem } from './http.ts'
import { conflict, type FieldProblem } from './problem.ts'

const PUBLIC = { config: { access: { kind: 'public' } } } as const
const Body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 5 }),
    level: Type.Integer({ minimum: 1, maximum: 5 }),
    codes: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\d{3}$' }), { maxItems: 2, uniqueItems: true }),
    ),
    kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    at: Type.Optional(Type.String({ pattern: '^\\d{4}$', errorMessage: '应为四位年份' })),
    deep: Type.Optional(Type.Object({ yes: Type.Boolean() }, { additionalProperties: false })),
  },
  { additionalProperties: false },
)

const memory = memoryLog()
let server: HttpServer
beforeAll(async () => {
  server = await makeHttpServer({
    log: memory.log,
    trustProxy: 1,
    secure: true,
    problemPage: (problem) => `<p>${problem.detail}</p>`,
  })
  server.post(
    '/echo',
    { ...PUBLIC, schema: { body: Body as TSchema } },
    async (request) => request.body as object,
  )
  server.get('/conflict', PUBLIC, async () => {
    throw conflict('used', '已经评价过了。')
  })
  server.get('/fault', PUBLIC, async () => {
    throw new Error('no such thing', { cause: new SyntaxError('Unexpected token 13812345678') })
  })
  server.get<{ Querystring: { code: string } }>('/database', PUBLIC, async (request) => {
    const { code } = request.query
    const message = code.startsWith('22') ? 'invalid input syntax: "13812345678"' : 'it is gone'
    throw Object.assign(new Error(message), { code, detail: 'Failing row contains (13812345678)' })
  })
  server.get('/ip', PUBLIC, async (request) => ({ ip: request.ip }))
  await server.ready()
})
afterAll(() => server.close())

const send = async (options: InjectOptions) => {
  const answer = await server.inject(options)
  const problem = answer.headers['content-type']?.includes('problem+json')
    ? answer.json<{
        status: number
        code: string
        detail: string
        title: string
        type: string
        errors?: FieldProblem[]
      }>()
    : null
  return { answer, problem }
}
const post = (payload: string | object, type = 'application/json') =>
  send({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload })
const inflated = () =>
  send({
    method: 'POST',
    url: '/echo',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    payload: gzipSync('{"name":"a","level":1}'),
  })

describe('a route', () => {
  it('that does not say who may call it keeps the server from starting', async () => {
    const other = await makeHttpServer({ log: memory.log, trustProxy: 0, secure: false })
    expect(() => other.get('/open', async () => 'x')).toThrow('GET /open does not declare who may call it')
    expect(() => other.post('/open', { config: {} }, async () => 'x')).toThrow('POST /open')
    await expect(
      Promise.resolve(
        other.register(async (inner) => {
          inner.delete('/inner', async () => 'x')
        }),
      ),
    ).rejects.toThrow('DELETE /inner')
  })

  it('stands in the table of routes with its access', () => {
    expect(server.routeTable).toContainEqual({ method: 'POST', url: '/echo', access: { kind: 'public' } })
    expect(server.routeTable.some((line) => line.method === 'HEAD')).toBe(false)
  })
})

describe('a refusal', () => {
  it('is a problem document with a stable code and a Chinese sentence', async () => {
    const { answer, problem } = await send({ url: '/conflict' })
    expect(answer.statusCode).toBe(409)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(problem).toEqual({
      type: 'urn:haochaping:problem:used',
      title: '状态已变化',
      status: 409,
      code: 'used',
      detail: '已经评价过了。',
    })
  })

  it('is a page for a browser', async () => {
    for (const url of ['/conflict', '/nowhere', '/fault']) {
      const { answer } = await send({ url, headers: { accept: 'text/html,application/xhtml+xml' } })
      expect(answer.headers['content-type'], url).toBe('text/html; charset=utf-8')
      expect(answer.body).toMatch(/^<p>[\u4e00-\u9fff]/)
    }
  })

  it.each<[string, number, string, () => ReturnType<typeof post>]>([
    ['JSON that is none', 400, 'bad-json', () => post('{"name":')],
    ['a body that is too large', 413, 'too-large', () => post(`{"name":"${'x'.repeat(4 * 1024 * 1024)}"}`)],
    ['a body to be inflated first', 400, 'bad-json', () => inflated()],
    ['a format nobody reads', 415, 'unsupported-media-type', () => post('<a/>', 'application/xml')],
    ['an address that is not there', 404, 'not-found', () => send({ url: '/nowhere' })],
    ['an address that cannot be read', 400, 'bad-request', () => send({ url: '/%zz' })],
    [
      'no body at all',
      422,
      'invalid',
      () => send({ method: 'POST', url: '/echo', headers: { 'content-type': 'application/json' } }),
    ],
  ])('of %s has status %i and code %s', async (_what, status, code, ask) => {
    const { answer, problem } = await ask()
    expect(answer.statusCode).toBe(status)
    expect(problem).toMatchObject({ status, code, detail: expect.stringMatching(/^[\u4e00-\u9fff].*。$/) })
  })
})

describe('what a request has wrong', () => {
  const good = { name: '张', level: 5 }
  it.each<[string, object, string[]]>([
    ['a missing field', { level: 5 }, ['name']],
    ['all that is missing', {}, ['name', 'level']],
    ['an unknown field', { ...good, extra: 1 }, ['extra']],
    [
      'a field called __proto__',
      JSON.parse('{"name":"a","level":5,"__proto__":{"admin":true}}'),
      ['__proto__'],
    ],
    ['a text for a number', { ...good, level: '5' }, ['level']],
    ['a fraction', { ...good, level: 1.5 }, ['level']],
    ['too small a number', { ...good, level: 0 }, ['level']],
    ['too long a text', { ...good, name: '张三李四王五' }, ['name']],
    ['an empty text', { ...good, name: '' }, ['name']],
    ['a wrong item of a list', { ...good, codes: ['510', 'x'] }, ['codes.1']],
    ['too long a list', { ...good, codes: ['510', '511', '512'] }, ['codes']],
    ['the same item twice', { ...good, codes: ['510', '510'] }, ['codes']],
    ['a choice that is none', { ...good, kind: 'c' }, ['kind']],
    ['its own sentence', { ...good, at: '26' }, ['at']],
    ['a field deep inside', { ...good, deep: {} }, ['deep.yes']],
    ['an unknown field deep inside', { ...good, deep: { yes: true, no: 1 } }, ['deep.no']],
    ['a list for an object', [], ['body']],
  ])('is told by field, in Chinese words: %s', async (_what, body, fields) => {
    const { answer, problem } = await post(JSON.stringify(body))
    expect(answer.statusCode).toBe(422)
    expect(problem?.code).toBe('invalid')
    expect(problem?.errors?.map((e) => e.field)).toEqual(fields)
    for (const { message } of problem!.errors!) {
      expect(message).toMatch(/[\u4e00-\u9fff]/)
      expect(message).not.toMatch(/[a-z]{3}/i)
    }
  })

  it('is nothing when all is right, and nothing gets through that was not asked for', async () => {
    const { answer } = await post(good)
    expect([answer.statusCode, answer.json()]).toEqual([200, good])
  })
})

describe('a fault of ours', () => {
  it('tells the caller nothing of itself, and the log where it was', async () => {
    const { answer, problem } = await send({ url: '/fault' })
    expect(answer.statusCode).toBe(500)
    expect(problem?.code).toBe('internal')
    expect(answer.body).not.toContain('no such thing')
    const logged = memory.lines().findLast((line) => line.msg === 'request failed')
    expect(logged).toMatchObject({
      route: '/fault',
      err: { type: 'Error', message: 'no such thing', stack: expect.stringContaining('http.test.ts') },
    })
    expect(memory.text()).not.toContain('13812345678')
  })

  it.each(['ECONNREFUSED', '57P01', '57P03', '53300'])(
    'of the database (%s) says to try again',
    async (code) => {
      const { answer, problem } = await send({ url: `/database?code=${code}` })
      expect([answer.statusCode, problem?.code]).toEqual([503, 'database-unavailable'])
    },
  )

  it.each(['22P02', '22021'])('that quotes a value (%s) is not quoted in the log', async (code) => {
    await send({ url: `/database?code=${code}` })
    expect(memory.text()).not.toContain('13812345678')
  })

  it('is whatever was thrown, even if it is no error', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, { statusCode: 600 }])
      expect(toProblem(thrown)).toMatchObject({ status: 500, code: 'internal' })
  })
})

describe('every answer', () => {
  it('forbids foreign scripts, frames, sniffing and referrers, and asks for HTTPS where there is any', async () => {
    const { answer } = await send({ url: '/ip' })
    const policy = answer.headers['content-security-policy'] as string
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
    })
    for (const url of ['/nowhere', '/%zz', '/conflict', '/fault'])
      expect((await send({ url })).answer.headers, url).toMatchObject({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
      })
    const plain = await makeHttpServer({ log: memory.log, trustProxy: 0, secure: false })
    const other = await plain.inject({ url: '/nowhere' })
    expect(other.headers['strict-transport-security']).toBeUndefined()
    await plain.close()
  })

  it('that is data lets no browser run, frame or sniff it', async () => {
    expect((await send({ url: '/api/nowhere' })).answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'strict-transport-security': expect.stringContaining('max-age=31536000'),
    })
  })

  it('is logged by the route’s pattern, without address, query or headers', async () => {
    await send({ url: '/ip?phone=13812345678', headers: { authorization: 'Bearer secret-token' } })
    const logged = memory.lines().findLast((line) => line.msg === 'request')
    expect(logged).toMatchObject({ method: 'GET', route: '/ip', status: 200 })
    expect(memory.text()).not.toMatch(/13812345678|secret-token/)
  })
})

it('a request that never ends is given up', () => {
  // Fastify's own default would wait for ever.
  expect(server.server.requestTimeout).toBe(300_000)
  expect(server.server.headersTimeout).toBeLessThanOrEqual(60_000)
})

it('the address of a caller is believed as far as proxies stand in front, and no further', async () => {
  const headers = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' }
  expect((await send({ url: '/ip', headers })).answer.json()).toEqual({ ip: '2.2.2.2' })
})
