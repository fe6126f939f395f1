import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answer, type Gateway, hangUp, startGateway } from '../../../../../../tests/support/gateway.ts'
import { MAIL_PASSWORD, startMailServer } from '../../../../../../tests/support/mail.ts'
import { type Carrier, CarrierError, type OutgoingMessage } from '../notifications.port.ts'
import { aliyunCarrier, canonicalQuery, signedHeaders } from './aliyun.ts'
import { type GatewaySettings, gatewayCarrier } from './gateway.ts'
import { smtpCarrier } from './smtp.ts'
import { keywords, wechatCarrier } from './wechat.ts'

const clock = () => new Date('2026-11-24T10:00:00.123+08:00')
const PHONE = '13987654321'
const LINK = `https://hcp.example.cn/p/${'s'.repeat(43)}`
const sms: OutgoingMessage = {
  messageId: '7f3c1f5e-0000-8000-8000-000000000001',
  medium: 'sms',
  address: PHONE,
  title: '',
  body: `已答复“身份证补领”：${LINK}`,
  carrierCode: 'SMS_100',
  params: { item: '身份证补领', organization: '东湖区公安局', link: LINK, token: 's'.repeat(43) },
}
/** How an attempt failed; and that nothing of the person is in the error. */
async function failure(carrier: Carrier, message: OutgoingMessage = sms) {
  const error = await carrier.send(message).then(
    () => null,
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(CarrierError)
  const { code, final, message: words, cause } = error as CarrierError
  expect(cause).toBeUndefined()
  for (const secret of [message.address, 'ssssssss', 'geheim']) expect(words).not.toContain(secret)
  return { code, final }
}

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway(answer(200, { Code: 'OK', BizId: '900619746936498440^0', code: 0 }))
})
afterEach(() => gateway.close())

describe('阿里云短信', () => {
  const carrier = () =>
    aliyunCarrier({ keyId: 'testId', secret: 'geheim', signName: '长明政务', endpoint: gateway.url }, clock)

  it('is signed as the published example of the signature method V3 is', () => {
    const query = {
      RegionId: 'cn-shanghai',
      ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    }
    const { authorization } = signedHeaders(
      {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        action: 'RunInstances',
        version: '2014-05-26',
        date: '2023-10-26T10:22:32Z',
        nonce: '3156853299f313e23d1673dc12e1703d',
        query,
      },
      'YourAccessKeyId',
      'YourAccessKeySecret',
    )
    expect(authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
    expect(canonicalQuery({ b: "a b*c(d)!'~", a: '长' })).toBe('a=%E9%95%BF&b=a%20b%2Ac%28d%29%21%27~')
  })

  it('gets the template of the carrier, the values of its variables, and our id', async () => {
    expect(await carrier().send(sms)).toEqual({ reference: '900619746936498440^0' })
    const [{ method, query, headers, path } = gateway.received[0]!] = gateway.received
    expect([method, path]).toEqual(['POST', '/'])
    expect(Object.fromEntries(query)).toMatchObject({
      PhoneNumbers: PHONE,
      SignName: '长明政务',
      TemplateCode: 'SMS_100',
      OutId: sms.messageId,
    })
    expect(JSON.parse(query.get('TemplateParam') ?? '')).toEqual({
      item: '身份证补领',
      organization: '东湖区公安局',
      token1: 's'.repeat(22),
      token2: 's'.repeat(21),
    })
    expect(headers).toMatchObject({ 'x-acs-action': 'SendSms', 'x-acs-date': '2026-11-24T02:00:00Z' })
    // What was sent is what was signed.
    const signed = signedHeaders(
      {
        host: headers.host!,
        action: 'SendSms',
        version: '2017-05-25',
        date: '2026-11-24T02:00:00Z',
        nonce: String(headers['x-acs-signature-nonce']),
        query: Object.fromEntries(query),
      },
      'testId',
      'geheim',
    )
    expect(headers.authorization).toBe(signed.authorization)
  })

  it('tells a number that will never do from what may pass', async () => {
    gateway.answer(
      answer(200, { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: `${PHONE} is illegal` }),
      answer(200, { Code: 'isv.BUSINESS_LIMIT_CONTROL' }),
      answer(503, {}),
      hangUp,
    )
    expect(await failure(carrier())).toEqual({ code: 'isv.MOBILE_NUMBER_ILLEGAL', final: true })
    expect(await failure(carrier())).toEqual({ code: 'isv.BUSINESS_LIMIT_CONTROL', final: false })
    expect(await failure(carrier())).toEqual({ code: 'http-503', final: false })
    expect(await failure(carrier())).toEqual({ code: 'unreachable', final: false })
    expect(await failure(carrier(), { ...sms, carrierCode: '' })).toMatchObject({
      code: 'template-code-missing',
    })
  })
})

describe('a gateway described by settings', () => {
  const carrier = (more: Partial<GatewaySettings> = {}) =>
    gatewayCarrier({
      url: `${gateway.url}/send`,
      method: 'POST',
      type: 'json',
      headers: '{}',
      body: '{"phone":"{phone}","text":"{text}","id":"{id}"}',
      success: 'status',
      secret: 'geheim',
      signature: '',
      ...more,
    })

  it('gets a JSON body with all filled in, and an id by which it knows a message again', async () => {
    await carrier({ body: '{"to":["{phone}"],"content":{"text":"{text}"},"unknown":"{x}"}' }).send(sms)
    const [first] = gateway.received
    expect(JSON.parse(first!.body)).toEqual({
      to: [PHONE],
      content: { text: sms.body },
      unknown: '{x}',
    })
    expect(first).toMatchObject({ method: 'POST', path: '/send' })
    expect(first!.headers['idempotency-key']).toBe(sms.messageId)
  })

  it('gets a form, headers with the secret, and a signature of the very bytes', async () => {
    await carrier({
      type: 'form',
      method: 'PUT',
      body: '{"mobile":"{phone}","content":"{text}"}',
      headers: '{"authorization":"Bearer {secret}"}',
      signature: 'sm3:x-signature',
    }).send(sms)
    const [{ body, headers, method } = gateway.received[0]!] = gateway.received
    expect(method).toBe('PUT')
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ mobile: PHONE, content: sms.body })
    expect(headers).toMatchObject({
      authorization: 'Bearer geheim',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-signature': createHmac('sm3', 'geheim').update(body).digest('hex'),
    })
  })

  it('is believed by its own sign of success only', async () => {
    await carrier({ success: 'code=0' }).send(sms)
    await carrier({ success: 'data.status=ok' })
      .send(sms)
      .catch(() => {})
    gateway.answer(
      answer(200, { data: { status: 'ok' } }),
      answer(200, { data: { status: '余额不足' } }),
      answer(200, 'OK'),
    )
    await carrier({ success: 'data.status=ok' }).send(sms)
    expect(await failure(carrier({ success: 'data.status=ok' }))).toEqual({ code: 'not-taken', final: false })
    expect(await failure(carrier({ success: 'code=0' }))).toEqual({ code: 'not-taken', final: false })
  })

  it('may refuse, break off, or not be there', async () => {
    gateway.answer(answer(500), hangUp)
    expect(await failure(carrier())).toEqual({ code: 'http-500', final: false })
    expect(await failure(carrier())).toEqual({ code: 'unreachable', final: false })
    expect(await failure(carrier({ url: 'http://127.0.0.1:1/send' }))).toEqual({
      code: 'unreachable',
      final: false,
    })
  })
})

describe('微信订阅消息', () => {
  const message: OutgoingMessage = {
    ...sms,
    medium: 'wechat',
    address: 'oABCDEFGHIJKLMNOP12345678',
    body: 'thing1=身份证补领\nphrase3=已答复了吗问一下',
    carrierCode: 'tmpl-1',
  }
  const carrier = (now = clock) =>
    wechatCarrier(
      { appId: 'wx1', secret: 'geheim', endpoint: gateway.url, page: 'pages/progress?token={token}' },
      now,
    )
  const token = (value: string) => answer(200, { access_token: value, expires_in: 7200 })
  const ok = answer(200, { errcode: 0, errmsg: 'ok', msgid: 1810988 })

  it('asks for a token once and keeps it until shortly before it ends', async () => {
    let now = clock()
    const one = carrier(() => now)
    gateway.answer(token('T1'), ok, ok, token('T2'), ok)
    expect(await one.send(message)).toEqual({ reference: '1810988' })
    await one.send(message)
    now = new Date(now.getTime() + 6_901_000)
    await one.send(message)
    expect(gateway.received.map((r) => r.path.split('/').at(-1))).toEqual([
      'stable_token',
      'send',
      'send',
      'stable_token',
      'send',
    ])
    expect(JSON.parse(gateway.received[0]!.body)).toEqual({
      grant_type: 'client_credential',
      appid: 'wx1',
      secret: 'geheim',
    })
    expect(gateway.received[1]!.query.get('access_token')).toBe('T1')
    expect(gateway.received[4]!.query.get('access_token')).toBe('T2')
    expect(JSON.parse(gateway.received[1]!.body)).toEqual({
      touser: message.address,
      template_id: 'tmpl-1',
      page: `pages/progress?token=${'s'.repeat(43)}`,
      data: { thing1: { value: '身份证补领' }, phrase3: { value: '已答复了吗' } },
      lang: 'zh_CN',
    })
  })

  it('takes a new token when the one it had is no longer good', async () => {
    gateway.answer(token('T1'), answer(200, { errcode: 40001 }), token('T2'), ok)
    await carrier().send(message)
    expect(gateway.received.at(-1)?.query.get('access_token')).toBe('T2')
  })

  it('knows who does not want it, and what may pass', async () => {
    gateway.answer(token('T1'), answer(200, { errcode: 43101 }))
    expect(await failure(carrier(), message)).toEqual({ code: 'wechat-43101', final: true })
    gateway.answer(answer(200, { errcode: 40164, errmsg: 'invalid ip' }), token('T1'), ok)
    const one = carrier()
    expect(await failure(one, message)).toEqual({ code: 'wechat-token-40164', final: false })
    await one.send(message)
  })

  it('reads keywords line by line', () => {
    expect(keywords(`thing1=${'长'.repeat(30)}\n\nnothing`)).toEqual({ thing1: { value: '长'.repeat(20) } })
  })
})

describe('e-mail', () => {
  const mail: OutgoingMessage = {
    ...sms,
    medium: 'email',
    address: 'somebody@example.cn',
    title: '您的评价有了答复',
  }
  let server: Awaited<ReturnType<typeof startMailServer>>
  beforeEach(async () => {
    server = await startMailServer()
  })
  afterEach(() => server.close())
  const carrier = (more: { url?: string; password?: string } = {}) =>
    smtpCarrier(
      { url: server.url, password: MAIL_PASSWORD, from: '好差评 <hcp@example.gov.cn>', ...more },
      500,
    )

  it('goes to the one address, under an id that is the same when it is sent again', async () => {
    await carrier().send(mail)
    await carrier().send(mail)
    expect(server.mails.map((one) => one.to)).toEqual([[mail.address], [mail.address]])
    for (const { content } of server.mails) {
      expect(content).toContain(`Message-ID: <${mail.messageId}@example.gov.cn>`)
      expect(content).toMatch(/^Subject: =\?UTF-8\?/m)
      expect(Buffer.from(content.split('\r\n\r\n')[1] ?? '', 'base64').toString()).toContain(LINK)
    }
  })

  it('tells an address that will never do from what may pass', async () => {
    server.be({ refuse: { at: 'recipient', code: 550 } })
    expect(await failure(carrier(), mail)).toEqual({ code: 'smtp-550', final: true })
    server.be({ refuse: { at: 'recipient', code: 450 } })
    expect(await failure(carrier(), mail)).toEqual({ code: 'smtp-450', final: false })
    server.be({ refuse: { at: 'data', code: 451 } })
    expect(await failure(carrier(), mail)).toEqual({ code: 'smtp-451', final: false })
    server.be({ refuse: { at: 'connect', code: 554 } })
    expect(await failure(carrier(), mail)).toMatchObject({ final: false })
  })

  it('does not wait for ever, and its own signing in is not the recipient’s fault', async () => {
    expect(await failure(carrier({ password: 'wrong' }), mail)).toEqual({ code: 'smtp-535', final: false })
    server.be({ silent: true })
    expect(await failure(carrier(), mail)).toMatchObject({ final: false })
    expect(await failure(carrier({ url: 'smtp://hcp@127.0.0.1:1' }), mail)).toMatchObject({ final: false })
  })
})
