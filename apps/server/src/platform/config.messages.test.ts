import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkServable, loadConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'haochaping-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const serving = (env: Record<string, string>) => () => {
  const all = {
    HAOCHAPING_MODE: 'production',
    HAOCHAPING_PUBLIC_URL: 'https://hcp.example.gov.cn',
    ...env,
  }
  checkServable(loadConfig(all), all)
}
const ALIYUN = {
  HAOCHAPING_SMS: 'aliyun',
  HAOCHAPING_ALIYUN_KEY_ID: 'key',
  HAOCHAPING_ALIYUN_SECRET: 'geheim',
  HAOCHAPING_ALIYUN_SIGN_NAME: '长春政务',
}
const GATEWAY = { HAOCHAPING_SMS: 'gateway', HAOCHAPING_SMS_GATEWAY_URL: 'https://sms.example.gov.cn/send' }
const SMTP = {
  HAOCHAPING_SMTP_URL: 'smtps://hcp@mail.example.gov.cn:465',
  HAOCHAPING_SMTP_PASSWORD: 'geheim',
  HAOCHAPING_SMTP_FROM: '好差评 <hcp@example.gov.cn>',
}
const WECHAT = { HAOCHAPING_WECHAT_APP_ID: 'wx1', HAOCHAPING_WECHAT_SECRET: 'geheim' }

describe('carriers of messages', () => {
  it.each([
    ['none', {}],
    ['all of them', { ...ALIYUN, ...SMTP, ...WECHAT }],
    ['a gateway', GATEWAY],
  ])('may be set up: %s', (_what, env) => {
    expect(serving(env)).not.toThrow()
  })

  it.each(
    [ALIYUN, GATEWAY, SMTP, WECHAT].flatMap((all) =>
      Object.keys(all)
        .filter((name) => name !== 'HAOCHAPING_SMS')
        .map((name) => [name, { ...all, [name]: '' }] as const),
    ),
  )('are refused when only %s is missing', (name, env) => {
    expect(serving(env)).toThrow(name)
  })

  it('are refused when they are set and not chosen, or sign without a secret', () => {
    expect(serving({ ...GATEWAY, HAOCHAPING_SMS: '' })).toThrow('HAOCHAPING_SMS does not choose it')
    expect(serving({ ...GATEWAY, HAOCHAPING_SMS_GATEWAY_SIGNATURE: 'sm3:x-sign' })).toThrow(
      'HAOCHAPING_SMS_GATEWAY_SECRET is not set',
    )
  })

  it.each([
    ['HAOCHAPING_SMS', 'pigeon'],
    ['HAOCHAPING_SMS_GATEWAY_HEADERS', '[]'],
    ['HAOCHAPING_SMS_GATEWAY_BODY', '{'],
    ['HAOCHAPING_SMS_GATEWAY_SUCCESS', 'fine'],
    ['HAOCHAPING_SMS_GATEWAY_SIGNATURE', 'md5:x'],
    ['HAOCHAPING_SMTP_URL', 'https://mail'],
  ])('%s=%s is refused by its name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name)
  })
})

describe('a secret', () => {
  const file = join(folder, 'secret')
  writeFileSync(file, 'from-a-file\n')

  it('may stand in a file, and in one place only', () => {
    expect(loadConfig({ HAOCHAPING_SMTP_PASSWORD_FILE: file }).smtpPassword).toBe('from-a-file')
    expect(() => loadConfig({ HAOCHAPING_SMTP_PASSWORD: 'x', HAOCHAPING_SMTP_PASSWORD_FILE: file })).toThrow(
      'both set',
    )
    expect(() => loadConfig({ HAOCHAPING_SMTP_PASSWORD_FILE: join(folder, 'none') })).toThrow(
      'cannot be read',
    )
  })

  it('is never in a refusal, even where it does not belong', () => {
    const given = { HAOCHAPING_SMTP_URL: 'smtps://hcp:geheim@mail.example.gov.cn' }
    expect(() => loadConfig(given)).toThrow('must hold no password')
    expect(() => loadConfig(given)).not.toThrow('geheim')
  })
})
