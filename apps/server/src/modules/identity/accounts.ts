import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid, randomId } from '../../platform/ids.ts'
import { badRequest, conflict, forbidden, notFound } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import * as store from './identity.store.ts'
import { accountIdOf, actorOf, isRoot, type Official } from './official.ts'
import { checkPassword, hashPassword } from './password.ts'
import { isRole, type Permission, permissionsOf, ROLES, type Role } from './permissions.ts'

/** What identity needs of other rooms. */
export interface IdentityNeeds {
  catalog: {
    organization(id: string): Promise<{ id: string; name: string; path: string } | null | undefined>
    staff(number: string): Promise<{ number: string } | null | undefined>
  }
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
}

/** A new account, as the administrator fills it in. */
export interface NewAccount {
  username: string
  displayName: string
  role: string
  organizationId: string
  staffNumber?: string | undefined
  password: string
  demo?: boolean
}

/** Writes into the journal what happened to an account. */
export const appendAccountEntry = (
  app: App,
  tx: Tx,
  kind: string,
  accountId: string,
  actor: string,
  payload = {},
) =>
  appendEntry(tx, {
    subjectId: derivedUuid(app.keys.derive('ids'), 'account', accountId),
    kind,
    actor,
    at: app.clock(),
    payload: { accountId, ...payload },
  })

/** Opening, changing and listing accounts. */
export function makeAccounts(app: App, needs: IdentityNeeds) {
  const { db } = app

  /** Whether an account belongs to the place of an official. */
  const within = async (by: Official, row: store.AccountRow) =>
    (await needs.catalog.organization(row.organization_id))?.path.startsWith(by.organizationPath) ?? false

  /**
   * Who an account stands for must exist, within the place of whoever manages it; and only the root of the tree
   * speaks for the whole city.
   * @throws Problem 400 unknown-role, unknown-organization, role-place, staff-number-missing; 403 outside-place
   */
  async function checkPlace(
    by: Official | 'system',
    account: { role: string; organizationId: string; staffNumber?: string | null | undefined },
  ): Promise<void> {
    if (!isRole(account.role)) throw badRequest('unknown-role', '没有这个角色。', 'role')
    const organization = await needs.catalog.organization(account.organizationId)
    if (!organization) throw badRequest('unknown-organization', '没有这个机构。', 'organizationId')
    if (by !== 'system' && !organization.path.startsWith(by.organizationPath))
      throw forbidden('outside-place', '这个机构不在您的管理范围内。')
    if (account.role === 'city_authority' && !isRoot(organization.path))
      throw badRequest('role-place', '市级主管部门账号应属于市级人民政府。', 'role')
    if (account.role === 'window_staff' && !account.staffNumber)
      throw badRequest('staff-number-missing', '窗口人员账号要有工号。', 'staffNumber')
  }

  /**
   * Opens an account, within the place of whoever does it.
   * @throws Problem 400 weak-password, unknown-staff, 409 username-taken, and as in checkPlace
   */
  async function createAccount(by: Official | 'system', account: NewAccount): Promise<string> {
    await checkPlace(by, account)
    if (account.staffNumber && !(await needs.catalog.staff(account.staffNumber)))
      throw badRequest('unknown-staff', '没有这个工号。', 'staffNumber')
    if (!account.demo) checkPassword(account.password)
    const accountId = randomId()
    const passwordHash = await hashPassword(account.password)
    await db.system.transaction().execute(async (tx) => {
      const inserted = await store.insertAccount(tx, {
        account_id: accountId,
        username: account.username,
        display_name: account.displayName,
        password_hash: passwordHash,
        role: account.role as Role,
        organization_id: account.organizationId,
        staff_number: account.staffNumber ?? null,
        active: true,
        must_change_password: !account.demo,
        demo: account.demo ?? false,
        created_at: app.clock(),
      })
      if (!inserted.numInsertedOrUpdatedRows) throw conflict('username-taken', '这个用户名已被使用。')
      await appendAccountEntry(app, tx, 'account.created', accountId, by === 'system' ? by : actorOf(by), {
        role: account.role,
        organizationId: account.organizationId,
      })
    })
    return accountId
  }

  /**
   * Changes an account and ends its sessions.
   * @throws Problem 404 account-unknown (also when it is outside the place of whoever asks), and as in checkPlace
   */
  async function changeAccount(
    by: Official,
    accountId: string,
    change: {
      active?: boolean
      displayName?: string
      role?: string
      organizationId?: string
      password?: string
    },
  ): Promise<void> {
    const row = await store.accountById(db.system, accountId)
    if (!row || !(await within(by, row))) throw notFound('account-unknown', '没有这个账号。')
    // Only what is to change is checked: an account of what is gone can still be switched off.
    if (change.role !== undefined || change.organizationId !== undefined)
      await checkPlace(by, {
        role: change.role ?? row.role,
        organizationId: change.organizationId ?? row.organization_id,
        staffNumber: row.staff_number,
      })
    if (change.active === false && accountId === by.accountId)
      throw badRequest('own-account', '不能停用自己的账号。', 'active')
    if (change.password !== undefined) checkPassword(change.password)
    const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
    await db.system.transaction().execute(async (tx) => {
      await store.updateAccount(tx, accountId, {
        ...(change.active !== undefined && { active: change.active }),
        ...(change.displayName !== undefined && { display_name: change.displayName }),
        ...(change.role !== undefined && { role: change.role }),
        ...(change.organizationId !== undefined && { organization_id: change.organizationId }),
        ...(passwordHash && { password_hash: passwordHash, must_change_password: true, locked_until: null }),
      })
      await store.deleteSessionsOf(tx, accountId)
      await appendAccountEntry(app, tx, 'account.changed', accountId, actorOf(by), {
        fields: Object.keys(change).sort(),
      })
    })
  }

  async function accountNames(ids: string[], on: Kysely<Tables> = db.system): Promise<Map<string, string>> {
    const rows = await store.accountNames(on, [...new Set(ids)])
    return new Map(rows.map((row) => [row.account_id, row.display_name]))
  }

  return {
    createAccount,
    changeAccount,
    /** The accounts of an administrator's place, without their password hashes. */
    accounts: async (by: Official) => {
      const rows = await store.accounts(db.system)
      const shown = await Promise.all(rows.map((row) => within(by, row)))
      return rows
        .filter((_, i) => shown[i])
        .map((row) => ({
          accountId: row.account_id,
          username: row.username,
          displayName: row.display_name,
          role: row.role,
          roleLabel: isRole(row.role) ? ROLES[row.role].label : row.role,
          organizationId: row.organization_id,
          staffNumber: row.staff_number,
          active: row.active,
          lockedUntil: row.locked_until,
          demo: row.demo,
        }))
    },
    /** The accounts of an official's place whose name or user name has some words in it, and as whom they act. */
    accountsCalled: async (by: Official, words: string) => {
      const rows = (await store.accounts(db.system)).filter(
        (row) => row.display_name.includes(words) || row.username.includes(words),
      )
      const shown = await Promise.all(rows.map((row) => within(by, row)))
      return rows
        .filter((_, i) => shown[i])
        .map((row) => ({
          actor: actorOf({ accountId: row.account_id }),
          displayName: row.display_name,
          username: row.username,
        }))
    },
    /** The accounts that a demonstration shows to everybody. */
    demoAccounts: async () =>
      (await store.accounts(db.system))
        .filter((row) => row.demo && row.active)
        .map((row) => ({
          username: row.username,
          displayName: row.display_name,
          roleLabel: isRole(row.role) ? ROLES[row.role].label : row.role,
        })),
    /** Who of some organisations may be named verifier of their cases (R14: a named person). */
    verifiersFor: async (organizationIds: readonly string[]) =>
      (await store.accountsIn(db.system, [...new Set(organizationIds)]))
        .filter((row) => row.role === 'handler' || row.role === 'organization_head')
        .map((row) => ({
          organizationId: row.organization_id,
          accountId: row.account_id,
          displayName: row.display_name,
          staffNumber: row.staff_number,
        })),
    /** Active accounts of some organisations, for telling them something. Read through the transaction given. */
    accountsAt: async (tx: Kysely<Tables>, organizationIds: string[]) =>
      (await store.accountsIn(tx, organizationIds)).flatMap((row) =>
        isRole(row.role)
          ? [
              {
                accountId: row.account_id,
                role: row.role,
                organizationId: row.organization_id,
                staffNumber: row.staff_number,
              },
            ]
          : [],
      ),
    /** Organisations where somebody may do a thing now. */
    organizationsHolding: async (permission: Permission): Promise<ReadonlySet<string>> => {
      const roles = (Object.keys(ROLES) as Role[]).filter((role) => permissionsOf(role).includes(permission))
      return new Set((await store.organizationsWith(db.system, roles)).map((row) => row.organization_id))
    },
    /** Names of accounts by id, for timelines. Whoever holds a transaction of the system gives it. */
    accountNames,
    /** Rows with who did each thing in words, from the name it stands under in the journal. */
    withActorLabels: async <Row>(rows: readonly Row[], actorOfRow: (row: Row) => string) => {
      const names = await accountNames(rows.flatMap((row) => accountIdOf(actorOfRow(row)) ?? []))
      return rows.map((row) => {
        const actor = actorOfRow(row)
        return { ...row, actorLabel: names.get(accountIdOf(actor) ?? '') ?? actorWords(actor) }
      })
    },
  }
}

/** Whoever is no account, in words. */
function actorWords(actor: string): string {
  const [kind, name = ''] = actor.split(':')
  switch (kind) {
    case 'citizen':
      return '评价人'
    case 'partner':
      return `业务系统 ${name}`
    case 'import':
      return '文件导入'
    case 'account':
      return '已不存在的账号'
    default:
      return '系统'
  }
}
