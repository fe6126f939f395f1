import { checkPassword } from '../modules/identity/password.ts'
import { ROLES } from '../modules/identity/permissions.ts'
import { Problem } from '../platform/problem.ts'
import { withInstallation } from './installation.ts'
import { readSecret, say, sayAside } from './terminal.ts'

/** What names an account on the command line; the password never stands there. */
export interface AccountOptions {
  name: string
  role: string
  organization: string
  staffNumber?: string
}

/** `haochaping account create`: opens an account, such as the first administrator's. Must change its password. */
export const runAccountCreate = (username: string, options: AccountOptions): Promise<number> =>
  withInstallation({ say: sayAside }, async ({ services }) => {
    try {
      const password = await readSecret('密码 / password: ')
      checkPassword(password)
      await services.identity.createAccount('system', {
        username,
        displayName: options.name,
        role: options.role,
        organizationId: options.organization,
        staffNumber: options.staffNumber,
        password,
      })
      say(
        `已建立账号 ${username}，首次登录须修改密码 / created; it must change its password at first sign-in`,
      )
      return 0
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const roles = error.field === 'role' ? `可用角色 / roles:${Object.keys(ROLES).join('、')}` : ''
      sayAside(`${error.detail}${roles}`)
      return 1
    }
  })
