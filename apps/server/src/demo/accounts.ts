import type { Official } from '../modules/identity/official.ts'
import { permissionsOf, ROLES, type Role } from '../modules/identity/permissions.ts'
import type { Services } from '../services.ts'

/** The password of every demo account. Production mode refuses a database that has any. */
export const DEMO_PASSWORD = 'haochaping'

/** Where the demo's handler, head and window staff sit together. */
export const DEMO_ORGANIZATION = '220102-rsj'
export const DEMO_WINDOW = { hallCode: 'NG', windowCode: 'NG-B01', staffNumber: 'CC0114' }

interface DemoAccount {
  username: string
  displayName: string
  role: Role
  organizationId: string
  staffNumber?: string
}

/** One account a role, for whoever tries the system out. */
export const MAIN_ACCOUNTS: readonly DemoAccount[] = [
  { username: 'shiji', displayName: '市级主管 示例', role: 'city_authority', organizationId: 'ccs' },
  // Who approves a summary does not publish it.
  { username: 'shiji2', displayName: '市级发布 示例', role: 'city_authority', organizationId: 'ccs' },
  {
    username: 'nanguan',
    displayName: '南关区主管 示例',
    role: 'district_authority',
    organizationId: '220102',
  },
  {
    username: 'fuzeren',
    displayName: '负责人 示例',
    role: 'organization_head',
    organizationId: DEMO_ORGANIZATION,
  },
  { username: 'jingban', displayName: '经办人 示例', role: 'handler', organizationId: DEMO_ORGANIZATION },
  {
    username: 'chuangkou',
    displayName: '窗口人员 示例',
    role: 'window_staff',
    organizationId: DEMO_ORGANIZATION,
    staffNumber: DEMO_WINDOW.staffNumber,
  },
  { username: 'shenji', displayName: '审计员 示例', role: 'auditor', organizationId: 'ccs' },
  { username: 'guanli', displayName: '系统管理员 示例', role: 'system_administrator', organizationId: 'ccs' },
]

/** Opens demo accounts as they are needed, and acts as them. */
export function makeDemoOfficials({ identity, catalog }: Pick<Services, 'identity' | 'catalog'>) {
  const opened = new Map<string, Promise<Official>>()

  async function open(account: DemoAccount): Promise<Official> {
    const organization = await catalog.organization(account.organizationId)
    if (!organization) throw new Error(`the demo's directory has no organisation ${account.organizationId}`)
    const accountId = await identity.createAccount('system', {
      ...account,
      password: DEMO_PASSWORD,
      demo: true,
    })
    return {
      accountId,
      username: account.username,
      displayName: account.displayName,
      role: account.role,
      roleLabel: ROLES[account.role].label,
      organizationId: organization.id,
      organizationName: organization.name,
      organizationPath: organization.path,
      staffNumber: account.staffNumber,
      permissions: permissionsOf(account.role),
      mustChangePassword: false,
    }
  }

  const postOf = (account: DemoAccount) => `${account.role}@${account.organizationId}`
  function once(account: DemoAccount, key = postOf(account)): Promise<Official> {
    const found = opened.get(key) ?? open(account)
    opened.set(key, found)
    return found
  }

  return {
    /** Opens the accounts of MAIN_ACCOUNTS. */
    openMain: async () => {
      // The second of a post has an account of their own; the first acts for it.
      for (const account of MAIN_ACCOUNTS)
        await once(account, opened.has(postOf(account)) ? account.username : postOf(account))
    },
    /** The handler of an organisation; opened on first use. */
    handler: async (organizationId: string): Promise<Official> => {
      const place = await catalog.organization(organizationId)
      return once({
        username: `jingban-${organizationId}`,
        displayName: `${place?.shortName ?? organizationId}经办 示例`,
        role: 'handler',
        organizationId,
      })
    },
    /** Who decides, at the level of an organisation, on proposals not to adopt a rating. */
    manager: async (organizationId: string): Promise<Official> => {
      const body = await catalog.managementBodyFor(organizationId)
      const place = await catalog.organization(body?.parentId ?? 'ccs')
      const city = !place?.parentId
      return once({
        username: city ? 'shiji' : `zhuguan-${place.id}`,
        displayName: `${city ? '市级' : place.shortName}主管 示例`,
        role: city ? 'city_authority' : 'district_authority',
        organizationId: city ? 'ccs' : place.id,
      })
    },
  }
}

export type DemoOfficials = ReturnType<typeof makeDemoOfficials>
