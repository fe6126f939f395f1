import { randomUUID } from 'node:crypto'
import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Logger } from 'pino'
import { dataHeaders, securityHeaders } from './headers.ts'
import { Problem } from './problem.ts'
import { validatorCompiler } from './validation.ts'

/** Who may call a route. Every route says so; one that does not keeps the server from starting. */
export type Access<P extends string = string> =
  | { kind: 'public' }
  | { kind: 'token' }
  | { kind: 'partner' }
  | { kind: 'session' }
  | { kind: 'permission'; permission: P }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    rawBody?: Buffer
  }
}

/** One line of the route table. */
export interface RouteLine {
  method: string
  url: string
  access: Access
}

export type HttpServer = FastifyInstance & { routeTable: RouteLine[] }

/** Words for refusals that come from the HTTP layer itself. */
const LAYER: Record<number, [string, string]> = {
  400: ['bad-request', '请求的格式不对，无法读取。'],
  404: ['not-found', '没有这个地址。'],
  413: ['too-large', '内容太大，请缩小后再试。'],
  415: ['unsupported-media-type', '不支持这种内容格式。'],
  429: ['too-many-requests', '请求太频繁，请稍后再试。'],
}

/** Any error as the problem to tell the caller; details of faults stay in the log. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const e = error as FastifyError
  const layer = e?.statusCode
    ? (LAYER[e.statusCode] ?? (e.statusCode < 500 ? LAYER[400] : undefined))
    : undefined
  if (layer) return new Problem(e.statusCode ?? 400, layer[0], layer[1])
  // A form that breaks off is told by the parser in plain words only.
  if (/ end of multipart data$/.test(e?.message ?? '')) return new Problem(400, ...LAYER[400]!)
  const busy = (e as { code?: string })?.code
  // PostgreSQL stores no NUL; whoever sends one is told, rather than told that we are broken.
  if (busy === '22021' || busy === '22P05')
    return new Problem(400, 'bad-text', '内容含有无法保存的字符，请删去后重试。')
  if (busy === 'ECONNREFUSED' || busy === '57P01' || busy === '57P03' || busy === '53300')
    return new Problem(503, 'database-unavailable', '系统暂时不可用，您的内容没有保存，请稍后重试。')
  return new Problem(500, 'internal', '系统出错了，已记录。您的内容没有保存，请稍后重试。')
}

/** Options of the HTTP server. */
export interface HttpOptions {
  log: Logger
  trustProxy: number
  secure: boolean
  /** Renders a problem as a page for browsers. */
  problemPage?: (problem: Problem, request: FastifyRequest) => string
}

/** Makes the Fastify server with what every route shares: parsing, headers, problems, OpenAPI, route table. */
export async function makeHttpServer(options: HttpOptions): Promise<HttpServer> {
  const routeTable: RouteLine[] = []
  const safety = securityHeaders(options.secure)
  const safetyOfData = dataHeaders(options.secure)
  const tell = (problem: Problem, request: FastifyRequest, reply: FastifyReply) => {
    reply.status(problem.status)
    return request.headers.accept?.includes('text/html') && options.problemPage
      ? reply.type('text/html; charset=utf-8').send(options.problemPage(problem, request))
      : reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
  }
  const server = Fastify({
    loggerInstance: options.log as unknown as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (_address: string, hop: number) => hop < options.trustProxy,
    // Room for the longest guide of an item; routes that need more or less say so.
    bodyLimit: 512 * 1024,
    // Whoever sends a byte now and then must not hold connections for ever; a poor line has time for a large file.
    requestTimeout: 5 * 60_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // An address that cannot be decoded comes to no handler; Fastify would answer in English, and with the address.
    frameworkErrors: (error, request, reply) => tell(toProblem(error), request, reply.headers(safety)),
  }).withTypeProvider<TypeBoxTypeProvider>()
  server.setValidatorCompiler(validatorCompiler)

  server.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (!access)
      throw new Error(`route ${String(route.method)} ${route.url} does not declare who may call it`)
    for (const method of [route.method].flat())
      if (method !== 'HEAD' && method !== 'OPTIONS') routeTable.push({ method, url: route.url, access })
  })
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '政务服务好差评 API',
        version: '1.0.0',
        description: 'Open platform for rating government services.',
      },
    },
  })
  // Partners sign the bytes they sent, so these are kept as they came.
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer
    if (body.length === 0) return done(null, undefined)
    try {
      done(null, JSON.parse(body.toString('utf8')))
    } catch {
      done(new Problem(400, 'bad-json', '请求体不是有效的 JSON。'))
    }
  })
  // A phone on a poor line gets a fifth of the bytes. Brotli's default level takes longer than the line saves.
  await server.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: 1024,
    // Requests are read as they came: to inflate them would let a small one become a large one.
    globalDecompression: false,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
  })
  await server.register(cookie)
  await server.register(formbody)
  // One file and next to nothing beside it: fields are kept in memory.
  await server.register(multipart, {
    limits: { fileSize: 10 * 1024 * 1024, files: 1, fields: 8, fieldSize: 16 * 1024, parts: 9 },
  })
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(request.url.startsWith('/api/') ? safetyOfData : safety)
    done()
  })

  server.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500)
      request.log.error({ err: error, route: request.routeOptions.url }, 'request failed')
    return tell(problem, request as unknown as FastifyRequest, reply as unknown as FastifyReply)
  })
  server.setNotFoundHandler((request, reply) =>
    tell(
      new Problem(404, 'not-found', '没有这个地址。'),
      request as unknown as FastifyRequest,
      reply as unknown as FastifyReply,
    ),
  )
  // The route's pattern, never the URL: tokens are in URLs and are not for logs.
  server.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '-',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
    done()
  })
  return Object.assign(server, { routeTable }) as unknown as HttpServer
}
