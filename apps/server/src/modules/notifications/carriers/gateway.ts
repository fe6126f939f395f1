import { createHmac } from 'node:crypto'
import { type Carrier, CarrierError } from '../notifications.port.ts'
import { codeIn, exchange, valueAt } from './exchange.ts'

/** An HTTP gateway as the settings describe it. */
export interface GatewaySettings {
  url: string
  method: 'POST' | 'PUT'
  type: 'json' | 'form'
  /** JSON objects whose texts may hold {phone}, {text}, {id}, {secret} */
  headers: string
  body: string
  /** `status`, or `field=value` */
  success: string
  secret: string
  /** '' or `sha256:<header>`, `sm3:<header>` */
  signature: string
}

/** The same value with every placeholder of every text in it filled in; unknown ones stay. */
function filled(value: unknown, words: Record<string, string>): unknown {
  if (typeof value === 'string') return value.replace(/\{(\w+)\}/g, (all, name) => words[name] ?? all)
  if (Array.isArray(value)) return value.map((one) => filled(one, words))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, words)]))
  return value
}
const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, String(one)]))

/** Text messages by any HTTP gateway. Each carries its id, so that a gateway can tell a second delivery. */
export function gatewayCarrier(settings: GatewaySettings): Carrier {
  const { url, method, type, secret, signature, success } = settings
  return {
    name: 'gateway',
    async send({ messageId, address, body }) {
      const words = { phone: address, text: body, id: messageId, secret }
      const fields = filled(JSON.parse(settings.body), words)
      const content = type === 'json' ? JSON.stringify(fields) : new URLSearchParams(texts(fields)).toString()
      const [hash, header] = signature.split(':')
      const headers = {
        'content-type':
          type === 'json' ? 'application/json' : 'application/x-www-form-urlencoded; charset=utf-8',
        'idempotency-key': messageId,
        ...texts(filled(JSON.parse(settings.headers), words)),
        ...(hash && header && { [header]: createHmac(hash, secret).update(content).digest('hex') }),
      }
      const { status, json } = await exchange(url, { method, headers, body: content })
      if (status < 200 || status > 299) throw new CarrierError(`http-${status}`)
      if (success === 'status') return { reference: '' }
      const at = success.indexOf('=')
      const found = valueAt(json, success.slice(0, at))
      if (found !== success.slice(at + 1)) throw new CarrierError(codeIn(found, 'not-taken'))
      return { reference: '' }
    },
  }
}
