import { type Carrier, CarrierError } from '../notifications.port.ts'
import { exchange, valueAt } from './exchange.ts'

/** The token is out of date or was never good. */
const STALE = new Set(['40001', '40014', '42001'])
/** The person unsubscribed or never subscribed, or there is no such person. */
const FINAL = new Set(['43101', '40003'])
/** How long a value may be by the kind of its keyword. */
const LONGEST: Record<string, number> = { thing: 20, phrase: 5, name: 10, character_string: 32 }

/** `thing1=身份证补领` lines as the interface wants them. */
export function keywords(body: string): Record<string, { value: string }> {
  const lines = body.split('\n').flatMap((line) => {
    const [, name = '', value = ''] = /^([a-z_]+\d+)=(.*)$/.exec(line.trim()) ?? []
    const longest = LONGEST[name.replace(/\d+$/, '')] ?? 200
    return name ? [[name, { value: [...value].slice(0, longest).join('') }] as const] : []
  })
  return Object.fromEntries(lines)
}

/** 订阅消息 of a mini-program (subscribeMessage.send), with its access token kept until shortly before it ends. */
export function wechatCarrier(
  settings: { appId: string; secret: string; endpoint: string; page: string },
  clock: () => Date,
): Carrier {
  const endpoint = settings.endpoint.replace(/\/+$/, '')
  let token: Promise<{ value: string; until: number }> | null = null

  const ask = (path: string, body: object) =>
    exchange(`${endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  async function fetchToken() {
    const { appId: appid, secret } = settings
    const { status, json } = await ask('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid,
      secret,
    })
    const value = valueAt(json, 'access_token')
    if (value === '') throw new CarrierError(`wechat-token-${valueAt(json, 'errcode') || status}`)
    const seconds = Math.max(0, (Number(valueAt(json, 'expires_in')) || 0) - 300)
    return { value, until: clock().getTime() + seconds * 1_000 }
  }

  async function accessToken(): Promise<string> {
    const held = await token
    if (held && held.until > clock().getTime()) return held.value
    const asked = fetchToken()
    token = asked
    // Whoever comes next asks anew, instead of being told of a failure that is over.
    asked.catch(() => {
      if (token === asked) token = null
    })
    return (await asked).value
  }

  const push = async (message: object) => {
    const { status, json } = await ask(
      `/cgi-bin/message/subscribe/send?access_token=${encodeURIComponent(await accessToken())}`,
      message,
    )
    return { code: valueAt(json, 'errcode') || `http-${status}`, reference: valueAt(json, 'msgid') }
  }

  return {
    name: 'wechat',
    async send({ address, body, carrierCode, params }) {
      if (carrierCode === '') throw new CarrierError('template-code-missing')
      const message = {
        touser: address,
        template_id: carrierCode,
        page: settings.page.replace('{token}', params.token ?? ''),
        data: keywords(body),
        lang: 'zh_CN',
      }
      let answer = await push(message)
      if (STALE.has(answer.code)) {
        token = null
        answer = await push(message)
      }
      if (answer.code !== '0') throw new CarrierError(`wechat-${answer.code}`, FINAL.has(answer.code))
      return { reference: answer.reference }
    },
  }
}
