import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What came in at the gateway. */
export interface Received {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

type Answer = (reply: ServerResponse, received: Received) => void

/** An answer as most gateways give it. */
export const answer =
  (status: number, body: unknown = {}): Answer =>
  (reply) =>
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** Takes the request and breaks the connection off: whether it was done, the other side cannot know. */
export const hangUp: Answer = (reply) => void reply.socket?.destroy()
/** Never answers. */
export const silence: Answer = () => {}

/**
 * An HTTP server on loopback that stands for a carrier. It answers each request by the next of `answers`, the last of
 * them for ever, and keeps all it received.
 */
export async function startGateway(...answers: Answer[]) {
  const received: Received[] = []
  let queue = answers
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://gateway')
      const one: Received = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      received.push(one)
      const next = queue[0]
      if (queue.length > 1) queue = queue.slice(1)
      next?.(reply, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** What it answers from now on. */
    answer(...next: Answer[]) {
      queue = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type Gateway = Awaited<ReturnType<typeof startGateway>>
