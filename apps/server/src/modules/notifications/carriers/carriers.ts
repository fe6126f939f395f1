import type { App } from '../../../platform/context.ts'
import { type Carriers, localCarrier } from '../notifications.port.ts'
import { aliyunCarrier } from './aliyun.ts'
import { gatewayCarrier } from './gateway.ts'
import { smtpCarrier } from './smtp.ts'
import { wechatCarrier } from './wechat.ts'

/** The carriers that the settings name. A demonstration sends nothing to anybody, whatever is set. */
export function carriersOf({ config, clock }: Pick<App, 'config' | 'clock'>): Carriers {
  if (config.mode === 'demo') return { sms: localCarrier, email: localCarrier, wechat: localCarrier }
  return {
    ...(config.sms === 'aliyun' && {
      sms: aliyunCarrier(
        {
          keyId: config.aliyunKeyId,
          secret: config.aliyunSecret,
          signName: config.aliyunSignName,
          endpoint: config.aliyunEndpoint,
        },
        clock,
      ),
    }),
    ...(config.sms === 'gateway' && {
      sms: gatewayCarrier({
        url: config.gatewayUrl,
        method: config.gatewayMethod,
        type: config.gatewayType,
        headers: config.gatewayHeaders,
        body: config.gatewayBody,
        success: config.gatewaySuccess,
        secret: config.gatewaySecret,
        signature: config.gatewaySignature,
      }),
    }),
    ...(config.smtpUrl !== '' && {
      email: smtpCarrier({ url: config.smtpUrl, password: config.smtpPassword, from: config.smtpFrom }),
    }),
    ...(config.wechatAppId !== '' && {
      wechat: wechatCarrier(
        {
          appId: config.wechatAppId,
          secret: config.wechatSecret,
          endpoint: config.wechatEndpoint,
          page: config.wechatPage,
        },
        clock,
      ),
    }),
  }
}
