import { withInstallation } from './installation.ts'
import { say, sayAside } from './terminal.ts'

/** `haochaping partner create`: lets a business system report visits; prints its secret, this once. */
export const runPartnerCreate = (keyId: string, source: string, name: string): Promise<number> =>
  withInstallation({ say: sayAside }, async ({ services }) => {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(keyId) || !/^[A-Za-z0-9._-]{1,64}$/.test(source)) {
      sayAside('密钥编号和来源只能用字母、数字、. _ -,最多 64 个 / keyId and source: letters, digits, . _ -')
      return 2
    }
    if (await services.affairs.partner(keyId)) {
      sayAside(`密钥编号 ${keyId} 已存在 / exists already`)
      return 1
    }
    const secret = await services.affairs.createPartner(keyId, source, name)
    sayAside(`已为“${name}”建立接入密钥 ${keyId}。密钥只显示这一次 / the secret is shown this once:`)
    say(secret)
    return 0
  })
