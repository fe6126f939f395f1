import type { FastifyRequest } from 'fastify'
import type { Config } from './config.ts'
import { sameText } from './crypto/sm.ts'
import { forbidden } from './problem.ts'

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/
/** What a proxy adds: whoever stands behind one is not on this machine, though the proxy may be. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip']

const fromThisMachine = ({ headers, socket }: FastifyRequest) =>
  LOOPBACK.test(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined)

/**
 * Lets figures of the running program be read by whoever holds the token for it; in demo mode also from this machine.
 * In production a proxy that adds nothing would make everybody look as if they sat here.
 * @throws Problem 403 metrics-closed
 */
export function checkMayReadMetrics(
  config: Pick<Config, 'metricsToken' | 'mode'>,
  request: FastifyRequest,
): void {
  const { metricsToken, mode } = config
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (metricsToken !== '' && given !== undefined && sameText(given, metricsToken)) return
  if (mode === 'demo' && fromThisMachine(request)) return
  throw forbidden(
    'metrics-closed',
    '运行指标不对外公开：请在请求头 Authorization 中带上 HAOCHAPING_METRICS_TOKEN 所设的令牌。',
  )
}
