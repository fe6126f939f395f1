import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { unauthorized } from '../../platform/problem.ts'
import type { AffairsService } from './affairs.service.ts'
import type { Partner } from './partners.ts'

/** What a partner signs with; described here, asked for by `authenticatePartner`, which says more about what is wrong. */
export const PartnerHeaders = Type.Partial(
  Type.Object({
    'x-hcp-key': Type.String({ description: '接入密钥编号' }),
    'x-hcp-timestamp': Type.String({ description: 'Unix seconds' }),
    'x-hcp-nonce': Type.String({ description: '8 to 64 of A-Z a-z 0-9 . _ -, new for every request' }),
    'x-hcp-signature': Type.String({
      description: 'hex HMAC-SM3(secret, timestamp LF nonce LF method LF path LF body)',
    }),
  }),
)

/** How far a partner's clock may be off. */
const WINDOW_MS = 10 * 60_000

/**
 * The signature a partner sends in `x-hcp-signature` (hex): HMAC-SM3 over timestamp, nonce, method, path and the
 * bytes of the body, each but the last followed by a line feed, under the partner's secret.
 */
export const partnerSignature = (
  secret: Buffer,
  timestamp: string,
  nonce: string,
  method: string,
  path: string,
  body: Buffer | string,
) =>
  createHmac('sm3', secret).update(`${timestamp}\n${nonce}\n${method}\n${path}\n`).update(body).digest('hex')

/**
 * Makes sure that a request comes from the partner it names, now, and for the first time.
 * @throws Problem 401 partner-unknown, partner-clock, partner-signature, partner-replay
 */
export async function authenticatePartner(
  request: FastifyRequest,
  affairs: AffairsService,
  now: Date,
): Promise<Partner> {
  const header = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : ''
  }
  const [keyId, timestamp, nonce, signature] = [
    'x-hcp-key',
    'x-hcp-timestamp',
    'x-hcp-nonce',
    'x-hcp-signature',
  ].map(header) as [string, string, string, string]
  if (!/^[A-Za-z0-9._-]{8,64}$/.test(nonce))
    throw unauthorized('partner-nonce', '请求头 x-hcp-nonce 应为 8 至 64 位字母、数字或 . _ -。')
  const partner = await affairs.partner(keyId)
  if (!partner) throw unauthorized('partner-unknown', '请求头 x-hcp-key 不是有效的接入密钥编号。')
  const at = Number(timestamp) * 1000
  if (!Number.isFinite(at) || Math.abs(now.getTime() - at) > WINDOW_MS)
    throw unauthorized(
      'partner-clock',
      '请求头 x-hcp-timestamp 应为当前的 Unix 秒数，误差不超过 10 分钟。请检查时钟。',
    )
  const path = request.url.split('?')[0] ?? ''
  const expected = Buffer.from(
    partnerSignature(partner.secret, timestamp, nonce, request.method, path, request.rawBody ?? ''),
  )
  const given = Buffer.from(signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw unauthorized(
      'partner-signature',
      '签名不对：x-hcp-signature 应为对 时间戳、随机数、方法、路径、请求体 的 HMAC-SM3（十六进制）。',
    )
  if (!(await affairs.useNonce(keyId, nonce)))
    throw unauthorized('partner-replay', '这个请求已经收到过（x-hcp-nonce 重复）。重试请换新的随机数。')
  return partner
}
