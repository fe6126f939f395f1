import { createHash, createHmac, randomUUID } from 'node:crypto'
import { type Carrier, CarrierError } from '../notifications.port.ts'
import { codeIn, exchange, valueAt } from './exchange.ts'

/** One request to an interface of 阿里云 in the RPC style: all parameters in the query. */
export interface AliyunRequest {
  host: string
  action: string
  version: string
  /** 2026-11-24T02:00:00Z */
  date: string
  nonce: string
  query: Record<string, string>
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
/** RFC 3986: also what encodeURIComponent leaves alone. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** The query as it is signed and sent: sorted by name. */
export const canonicalQuery = (query: Record<string, string>): string =>
  Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')

/**
 * The headers of a signed request without a body, by the published signature method V3 (ACS3-HMAC-SHA256).
 */
export function signedHeaders(
  { host, action, version, date, nonce, query }: AliyunRequest,
  keyId: string,
  secret: string,
): Record<string, string> {
  const payload = sha256('')
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': payload,
    'x-acs-date': date,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const request = ['POST', '/', canonicalQuery(query), lines, names, payload].join('\n')
  const signature = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(request)}`)
    .digest('hex')
  return {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${keyId},SignedHeaders=${names},Signature=${signature}`,
  }
}

/** Refusals that are about the number itself. */
const FINAL = new Set([
  'isv.MOBILE_NUMBER_ILLEGAL',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
  'isv.BLACK_KEY_CONTROL_LIMIT',
])
/** The longest value a variable of a template may have there. */
const LONGEST = 35

/** A link's secret in two halves: whole it would be longer than a variable may be. */
function templateParams(params: Readonly<Record<string, string>>): Record<string, string> {
  const { link: _link, token, optOut: _optOut, ...words } = params
  const cut = Object.entries(words).map(([name, value]) => [name, [...value].slice(0, LONGEST).join('')])
  return {
    ...Object.fromEntries(cut),
    ...(token && { token1: token.slice(0, 22), token2: token.slice(22) }),
  }
}

/** Text messages by 阿里云短信 (SendSms of 2017-05-25). The words are those of the template approved there. */
export function aliyunCarrier(
  settings: { keyId: string; secret: string; signName: string; endpoint: string },
  clock: () => Date,
): Carrier {
  const { keyId, secret, signName, endpoint } = settings
  return {
    name: 'aliyun',
    async send({ messageId, address, carrierCode, params }) {
      if (carrierCode === '') throw new CarrierError('template-code-missing')
      const query = {
        OutId: messageId,
        PhoneNumbers: address,
        SignName: signName,
        TemplateCode: carrierCode,
        TemplateParam: JSON.stringify(templateParams(params)),
      }
      const { host: _host, ...headers } = signedHeaders(
        {
          host: new URL(endpoint).host,
          action: 'SendSms',
          version: '2017-05-25',
          date: clock()
            .toISOString()
            .replace(/\.\d+Z$/, 'Z'),
          nonce: randomUUID(),
          query,
        },
        keyId,
        secret,
      )
      const url = `${endpoint.replace(/\/+$/, '')}/?${canonicalQuery(query)}`
      const { status, json } = await exchange(url, { method: 'POST', headers })
      const code = valueAt(json, 'Code')
      if (code !== 'OK') throw new CarrierError(codeIn(code, `http-${status}`), FINAL.has(code))
      return { reference: codeIn(valueAt(json, 'BizId'), '') }
    },
  }
}
