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

/** Opens demo accounts as they are needed, so that others can act as them. */
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

  const postOf = (account: DemoAccount) =>
    `${account.role}@${account.organizationId} ${account.staffNumber ?? ''}`
  function once(account: DemoAccount, key = postOf(account)): Promise<Official> {
    const found = opened.get(key) ?? open(account)
    opened.set(key, found)
    return found
  }

  /** The two of the city who approve and publish (R19); the first decides, supervises and draws spot checks as well. */
  function city(second = false): Promise<Official> {
    const account = MAIN_ACCOUNTS[second ? 1 : 0]!
    return once(account, second ? account.username : postOf(account))
  }

  /** The authority of a district. */
  async function district(organizationId: string): Promise<Official> {
    const place = await catalog.organization(organizationId)
    return once({
      username: `zhuguan-${organizationId}`,
      displayName: `${place?.shortName ?? organizationId}主管 示例`,
      role: 'district_authority',
      organizationId,
    })
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
    /** Somebody else of an organisation, who takes over when its handler is away. */
    deputy: async (organizationId: string): Promise<Official> => {
      const place = await catalog.organization(organizationId)
      const account: DemoAccount = {
        username: `fuban-${organizationId}`,
        displayName: `${place?.shortName ?? organizationId}协理 示例`,
        role: 'handler',
        organizationId,
      }
      return once(account, account.username)
    },
    /** A member of the staff of a window, who was rated. */
    staff: async (organizationId: string, staffNumber: string): Promise<Official> =>
      once({
        username: `chuangkou-${staffNumber.toLowerCase()}`,
        displayName: `${(await catalog.staff(staffNumber))?.displayName ?? staffNumber} 示例`,
        role: 'window_staff',
        organizationId,
        staffNumber,
      }),
    /** Who hears an appeal: apart from whoever decided on the case, who would be a party. */
    judge: async (organizationId: string, again = false): Promise<Official> => {
      const body = await catalog.managementBodyFor(organizationId)
      const district = body && body.id !== organizationId && body.parentId !== 'ccs' ? body.parentId : null
      const city = again || district === null
      const account: DemoAccount = {
        username: city ? (again ? 'fuhe' : 'shenli') : `shenli-${district}`,
        displayName: `${again ? '市级复核' : city ? '市级审理' : '县区审理'} 示例`,
        role: city ? 'city_authority' : 'district_authority',
        organizationId: city ? 'ccs' : (district ?? 'ccs'),
      }
      return once(account, account.username)
    },
    /** Another organisation beside this one, that may help it. */
    neighbour: async (organizationId: string): Promise<string> => {
      const all = await catalog.organizations()
      const self = all.get(organizationId)
      const beside = [...all.values()].filter(
        (o) =>
          o.active && o.parentId === self?.parentId && o.kind === 'department' && o.id !== organizationId,
      )
      return beside[organizationId.length % (beside.length || 1)]?.id ?? organizationId
    },
    /** Who decides, at the level of an organisation, on proposals not to adopt a rating. */
    manager: async (organizationId: string): Promise<Official> => {
      const body = await catalog.managementBodyFor(organizationId)
      const place = await catalog.organization(body?.parentId ?? 'ccs')
      return place?.parentId ? district(place.id) : city()
    },
    city,
    district,
  }
}

export type DemoOfficials = ReturnType<typeof makeDemoOfficials>
