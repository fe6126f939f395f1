import { address, ConfigError, choice, secret, setting, text } from './setting.ts'

const https = (words: string) => address(words, 'https:', 'http:')

/** A JSON object whose values are texts. */
const texts = (raw: string): string => {
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    value = null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError('must be a JSON object')
  return raw
}

const smtp = (raw: string): string => {
  const url = new URL(address('like smtps://user@mail.example.gov.cn:465', 'smtp:', 'smtps:')(raw))
  if (url.password) throw new ConfigError('must hold no password: that is HAOCHAPING_SMTP_PASSWORD')
  return raw
}

/** `status`, or `field=value` with a path into the JSON of the answer. */
const success = (raw: string): string => {
  if (raw !== 'status' && !/^[\w.]+=.+$/.test(raw)) throw new ConfigError('must be status, or like code=0')
  return raw
}

const signature = (raw: string): string => {
  if (!/^(sha256|sm3):[A-Za-z0-9-]+$/.test(raw)) throw new ConfigError('must be like sm3:x-signature')
  return raw
}

/** What carries messages to citizens and officials. Nothing set: messages wait (in a demonstration they are shown). */
export const MESSAGE_SETTINGS = {
  sms: setting(
    'HAOCHAPING_SMS',
    'What sends text messages: aliyun (阿里云短信) or gateway (any HTTP gateway). Unset: they wait.',
    '' as '' | 'aliyun' | 'gateway',
    choice('aliyun', 'gateway'),
  ),
  aliyunKeyId: setting('HAOCHAPING_ALIYUN_KEY_ID', 'AccessKey id for 阿里云短信.', '', text),
  aliyunSecret: secret('HAOCHAPING_ALIYUN_SECRET', 'AccessKey secret for 阿里云短信.'),
  aliyunSignName: setting(
    'HAOCHAPING_ALIYUN_SIGN_NAME',
    'Approved signature (签名) of the messages.',
    '',
    text,
  ),
  aliyunEndpoint: setting(
    'HAOCHAPING_ALIYUN_ENDPOINT',
    'Address of the service.',
    'https://dysmsapi.aliyuncs.com',
    https('like https://dysmsapi.aliyuncs.com'),
  ),
  gatewayUrl: setting(
    'HAOCHAPING_SMS_GATEWAY_URL',
    'Address a message is sent to.',
    '',
    https('like https://sms.example.gov.cn/send'),
  ),
  gatewayMethod: setting(
    'HAOCHAPING_SMS_GATEWAY_METHOD',
    'POST or PUT.',
    'POST' as 'POST' | 'PUT',
    choice('POST', 'PUT'),
  ),
  gatewayType: setting(
    'HAOCHAPING_SMS_GATEWAY_TYPE',
    'How the body is sent: json or form.',
    'json' as 'json' | 'form',
    choice('json', 'form'),
  ),
  gatewayHeaders: setting(
    'HAOCHAPING_SMS_GATEWAY_HEADERS',
    'Headers as a JSON object; {secret} and {id} are filled in.',
    '{}',
    texts,
  ),
  gatewayBody: setting(
    'HAOCHAPING_SMS_GATEWAY_BODY',
    'Body as a JSON object; {phone}, {text}, {id}, {secret} are filled in.',
    '{"phone":"{phone}","text":"{text}","id":"{id}"}',
    texts,
  ),
  gatewaySuccess: setting(
    'HAOCHAPING_SMS_GATEWAY_SUCCESS',
    'What tells that a message was taken: status (any 2xx), or a field of the JSON answer, like code=0.',
    'status',
    success,
  ),
  gatewaySecret: secret('HAOCHAPING_SMS_GATEWAY_SECRET', 'Secret of the gateway.'),
  gatewaySignature: setting(
    'HAOCHAPING_SMS_GATEWAY_SIGNATURE',
    'Header that gets an HMAC (hex) of the body under the secret: sha256:<header> or sm3:<header>.',
    '',
    signature,
  ),
  smsCallbackSecret: secret(
    'HAOCHAPING_SMS_CALLBACK_SECRET',
    'What the gateway shows (Authorization: Bearer …) when it hands in replies, such as TD to be left alone.',
  ),
  // Whoever writes a password into it shall not find it in the refusal.
  smtpUrl: {
    ...secret(
      'HAOCHAPING_SMTP_URL',
      'Mail server: smtps://user@host:465, or smtp://user@host:587 (STARTTLS).',
    ),
    parse: smtp,
  },
  smtpPassword: secret('HAOCHAPING_SMTP_PASSWORD', 'Password for the mail server.'),
  smtpFrom: setting('HAOCHAPING_SMTP_FROM', 'Sender of e-mails, like 好差评 <hcp@example.gov.cn>.', '', text),
  wechatAppId: setting('HAOCHAPING_WECHAT_APP_ID', 'AppID of the mini-program for 订阅消息.', '', text),
  wechatSecret: secret('HAOCHAPING_WECHAT_SECRET', 'AppSecret of the mini-program.'),
  wechatEndpoint: setting(
    'HAOCHAPING_WECHAT_ENDPOINT',
    'Address of the WeChat interface.',
    'https://api.weixin.qq.com',
    https('like https://api.weixin.qq.com'),
  ),
  wechatPage: setting(
    'HAOCHAPING_WECHAT_PAGE',
    'Page of the mini-program a message opens; {token} is filled in.',
    'pages/progress/index?token={token}',
    text,
  ),
} as const

type MessageConfig = {
  readonly [K in keyof typeof MESSAGE_SETTINGS]: (typeof MESSAGE_SETTINGS)[K]['fallback']
}

/** The parts a carrier needs; a carrier with some of them and not others would lose messages without a word. */
const CARRIERS: { name: string; wanted: (c: MessageConfig) => boolean; parts: (keyof MessageConfig)[] }[] = [
  {
    name: 'HAOCHAPING_SMS=aliyun',
    wanted: (c) => c.sms === 'aliyun',
    parts: ['aliyunKeyId', 'aliyunSecret', 'aliyunSignName'],
  },
  { name: 'HAOCHAPING_SMS=gateway', wanted: (c) => c.sms === 'gateway', parts: ['gatewayUrl'] },
  { name: 'E-mail', wanted: (c) => c.smtpUrl !== '' || c.smtpFrom !== '', parts: ['smtpUrl', 'smtpFrom'] },
  {
    name: 'WeChat',
    wanted: (c) => c.wechatAppId !== '' || c.wechatSecret !== '',
    parts: ['wechatAppId', 'wechatSecret'],
  },
]

/**
 * Makes sure that each carrier is set up wholly or not at all.
 * @throws ConfigError naming the variable that is missing, or the one that has no use
 */
export function checkMessageSettings(config: MessageConfig): void {
  for (const { name, wanted, parts } of CARRIERS)
    for (const part of parts)
      if (wanted(config) && config[part] === '')
        throw new ConfigError(`${MESSAGE_SETTINGS[part].env} is not set: ${name} needs it.`)
  const idle = (['gatewayUrl', 'aliyunKeyId', 'aliyunSecret'] as const).find(
    (part) => config[part] !== '' && config.sms !== (part === 'gatewayUrl' ? 'gateway' : 'aliyun'),
  )
  if (idle)
    throw new ConfigError(`${MESSAGE_SETTINGS[idle].env} is set, but HAOCHAPING_SMS does not choose it.`)
  if (config.gatewaySignature !== '' && config.gatewaySecret === '')
    throw new ConfigError(
      'HAOCHAPING_SMS_GATEWAY_SECRET is not set: HAOCHAPING_SMS_GATEWAY_SIGNATURE needs it.',
    )
  const user = config.smtpUrl === '' ? '' : new URL(config.smtpUrl).username
  if ((user === '') !== (config.smtpPassword === ''))
    throw new ConfigError(
      'HAOCHAPING_SMTP_PASSWORD and the user in HAOCHAPING_SMTP_URL go together: one of them is missing.',
    )
}
