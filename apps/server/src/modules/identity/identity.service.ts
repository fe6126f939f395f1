import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid, randomId } from '../../platform/ids.ts'
import { badRequest, conflict, forbidden, notFound, Problem, unauthorized } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { appendEntry } from '../ledger/journal.ts'
import * as store from './identity.store.ts'
import { actorOf, type Official } from './official.ts'
import { isRole, permissionsOf, ROLES, type Role } from './permissions.ts'

/** What identity needs of other rooms. */
interface Needs {
  catalog: {
    organization(id: string): Promise<{ id: string; name: string; path: string } | null | undefined>
    staff(number: string): Promise<{ number: string } | null | undefined>
  }
  policies: { value(key: string, regionCode: string, at: Date): Promise<{ value: number }> }
}

/** A session as the cookie's owner holds it. */
export interface SignIn {
  secret: string
  csrfToken: string
  official: Official
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

const MINUTE = 60_000
// argon2id with 19 MiB, two passes: the floor OWASP gives for one lane.
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const secretHash = (secret: string) => createHash('sm3').update(secret).digest()

/** At least 12 characters of at least three kinds (GB/T 22239, 身份鉴别). */
export function checkPassword(password: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length
  if (password.length < 12 || kinds < 3)
    throw badRequest(
      'weak-password',
      '密码至少 12 位,并包含大写字母、小写字母、数字、符号中的三种。',
      'password',
    )
}

function refuseLocked(account: { locked_until: Date | null }, now: Date): void {
  if (account.locked_until && account.locked_until > now)
    throw new Problem(429, 'account-locked', '密码连续输错,账号已暂时锁定,请稍后再试或联系系统管理员。')
}

export type IdentityService = ReturnType<typeof makeIdentityService>

/** Accounts, sign-in and sessions of officials. */
export function makeIdentityService(app: App, needs: Needs) {
  const { db } = app
  // Verified against when the name is unknown, so that an answer takes as long either way.
  const nobody = hash(randomBytes(16), ARGON2)
  const limit = (key: string) =>
    needs.policies.value(key, app.config.cityRegion, app.clock()).then((policy) => policy.value)
  const subjectOf = (accountId: string) => derivedUuid(app.keys.derive('ids'), 'account', accountId)

  async function toOfficial(row: store.AccountRow): Promise<Official> {
    const organization = await needs.catalog.organization(row.organization_id)
    if (!organization || !isRole(row.role))
      throw forbidden('account-without-place', '账号没有所属机构,请联系系统管理员。')
    return {
      accountId: row.account_id,
      username: row.username,
      displayName: row.display_name,
      role: row.role,
      roleLabel: ROLES[row.role].label,
      organizationId: organization.id,
      organizationName: organization.name,
      organizationPath: organization.path,
      staffNumber: row.staff_number ?? undefined,
      permissions: permissionsOf(row.role),
      mustChangePassword: row.must_change_password,
    }
  }

  /** Whether an account belongs to the place of an official. */
  const within = async (by: Official, row: store.AccountRow) =>
    (await needs.catalog.organization(row.organization_id))?.path.startsWith(by.organizationPath) ?? false

  const write = (tx: Tx, kind: string, accountId: string, actor: string, payload = {}) =>
    appendEntry(tx, {
      subjectId: subjectOf(accountId),
      kind,
      actor,
      at: app.clock(),
      payload: { accountId, ...payload },
    })

  /**
   * Signs in with name and password. Wrong passwords are counted and lock the account for a while (policies
   * lockout_failures, lockout_minutes).
   * @throws Problem 401 sign-in-failed (the same words for an unknown name and a wrong password), 429 account-locked
   */
  async function signIn(username: string, password: string): Promise<SignIn> {
    const now = app.clock()
    const known = await store.accountByUsername(db.system, username)
    if (known) refuseLocked(known, now)
    const right = await verify(known?.password_hash ?? (await nobody), password)
    if (!known || !right || !known.active) {
      if (known && !right) await countFailure(username)
      throw unauthorized('sign-in-failed', '用户名或密码不对。')
    }
    const official = await toOfficial(known)
    const secret = randomBytes(32).toString('base64url')
    const csrfToken = randomBytes(24).toString('base64url')
    await db.system.transaction().execute(async (tx) => {
      // Others may have been guessing while this password was verified.
      const row = await store.accountByUsernameForUpdate(tx, username)
      if (row) refuseLocked(row, now)
      await store.updateAccount(tx, known.account_id, { failed_attempts: 0, locked_until: null })
      await store.insertSession(tx, {
        secret_hash: secretHash(secret),
        account_id: known.account_id,
        csrf_token: csrfToken,
        created_at: now,
        last_seen_at: now,
      })
      await write(tx, 'account.signed-in', known.account_id, actorOf(official))
    })
    return { secret, csrfToken, official }
  }

  async function countFailure(username: string): Promise<void> {
    const [failures, minutes] = [await limit('lockout_failures'), await limit('lockout_minutes')]
    await db.system.transaction().execute(async (tx) => {
      const row = await store.accountByUsernameForUpdate(tx, username)
      if (!row) return
      const attempts = row.failed_attempts + 1
      const locked = attempts >= failures
      await store.updateAccount(tx, row.account_id, {
        failed_attempts: locked ? 0 : attempts,
        ...(locked && { locked_until: new Date(app.clock().getTime() + minutes * MINUTE) }),
      })
      if (locked) await write(tx, 'account.locked', row.account_id, 'system')
    })
  }

  /**
   * Who a session's secret belongs to; null when it is unknown or over (idle or absolute limit).
   * The time last seen is written at most once a minute.
   */
  async function session(secret: string): Promise<{ official: Official; csrfToken: string } | null> {
    const hashed = secretHash(secret)
    const row = await store.sessionByHash(db.system, hashed)
    if (!row?.active) return null
    const now = app.clock().getTime()
    const idle = (await limit('session_idle_minutes')) * MINUTE
    const absolute = (await limit('session_absolute_minutes')) * MINUTE
    if (now - row.last_seen_at.getTime() > idle || now - row.session_created_at.getTime() > absolute) {
      await store.deleteSession(db.system, hashed)
      return null
    }
    if (now - row.last_seen_at.getTime() > MINUTE) await store.touchSession(db.system, hashed, new Date(now))
    return { official: await toOfficial(row), csrfToken: row.csrf_token }
  }

  const csrfMatches = (given: string | undefined, expected: string) =>
    given !== undefined &&
    given.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected))

  const signOut = (secret: string) => store.deleteSession(db.system, secretHash(secret))

  /**
   * Changes one's own password and ends all sessions of the account. Wrong guesses at the current one count as at
   * the door.
   * @throws Problem 400 weak-password, wrong-password, same-password, 429 account-locked
   */
  async function changePassword(official: Official, current: string, next: string): Promise<void> {
    const row = await store.accountById(db.system, official.accountId)
    if (row) refuseLocked(row, app.clock())
    if (!row || !(await verify(row.password_hash, current))) {
      await countFailure(official.username)
      throw badRequest('wrong-password', '当前密码不对。', 'current')
    }
    checkPassword(next)
    if (next === current) throw badRequest('same-password', '新密码不能与当前密码相同。', 'next')
    const passwordHash = await hash(next, ARGON2)
    await db.system.transaction().execute(async (tx) => {
      await store.updateAccount(tx, row.account_id, {
        password_hash: passwordHash,
        must_change_password: false,
      })
      await store.deleteSessionsOf(tx, row.account_id)
      await write(tx, 'account.password-changed', row.account_id, actorOf(official))
    })
  }

  /**
   * Who an account stands for must exist, within the place of whoever manages it; and only the root of the tree
   * speaks for the whole city.
   * @throws Problem 400 unknown-role, unknown-organization, role-place, unknown-staff; 403 outside-place
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
    if (account.role === 'city_authority' && organization.path.split('/').length > 3)
      throw badRequest('role-place', '市级主管部门账号应属于市级人民政府。', 'role')
    if (account.role === 'window_staff' && !account.staffNumber)
      throw badRequest('staff-number-missing', '窗口人员账号要有工号。', 'staffNumber')
    if (account.staffNumber && !(await needs.catalog.staff(account.staffNumber)))
      throw badRequest('unknown-staff', '没有这个工号。', 'staffNumber')
  }

  /**
   * Opens an account, within the place of whoever does it.
   * @throws Problem 400 weak-password, 409 username-taken, and as in checkPlace
   */
  async function createAccount(by: Official | 'system', account: NewAccount): Promise<string> {
    await checkPlace(by, account)
    if (!account.demo) checkPassword(account.password)
    const accountId = randomId()
    const passwordHash = await hash(account.password, ARGON2)
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
      await write(tx, 'account.created', accountId, by === 'system' ? by : actorOf(by), {
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
    await checkPlace(by, {
      role: change.role ?? row.role,
      organizationId: change.organizationId ?? row.organization_id,
      staffNumber: row.staff_number,
    })
    if (change.active === false && accountId === by.accountId)
      throw badRequest('own-account', '不能停用自己的账号。', 'active')
    if (change.password !== undefined) checkPassword(change.password)
    const passwordHash = change.password === undefined ? undefined : await hash(change.password, ARGON2)
    await db.system.transaction().execute(async (tx) => {
      await store.updateAccount(tx, accountId, {
        ...(change.active !== undefined && { active: change.active }),
        ...(change.displayName !== undefined && { display_name: change.displayName }),
        ...(change.role !== undefined && { role: change.role }),
        ...(change.organizationId !== undefined && { organization_id: change.organizationId }),
        ...(passwordHash && { password_hash: passwordHash, must_change_password: true, locked_until: null }),
      })
      await store.deleteSessionsOf(tx, accountId)
      await write(tx, 'account.changed', accountId, actorOf(by), { fields: Object.keys(change).sort() })
    })
  }

  return {
    signIn,
    session,
    csrfMatches,
    signOut,
    changePassword,
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
    /** The accounts that a demonstration shows to everybody. */
    demoAccounts: async () =>
      (await store.accounts(db.system))
        .filter((row) => row.demo && row.active)
        .map((row) => ({
          username: row.username,
          displayName: row.display_name,
          roleLabel: isRole(row.role) ? ROLES[row.role].label : row.role,
        })),
    /** Who of an organisation may be named verifier of a case (R14: a named person). */
    verifiersFor: async (organizationId: string) =>
      (await store.accountsOf(db.system, organizationId))
        .filter((row) => row.role === 'handler' || row.role === 'organization_head')
        .map((row) => ({
          accountId: row.account_id,
          displayName: row.display_name,
          staffNumber: row.staff_number,
        })),
    /** Names of accounts by id, for timelines. Whoever holds a transaction of the system gives it. */
    accountNames: async (ids: string[], on: Kysely<Tables> = db.system) => {
      const wanted = new Set(ids)
      const rows = wanted.size === 0 ? [] : await store.accounts(on)
      return new Map(rows.filter((r) => wanted.has(r.account_id)).map((r) => [r.account_id, r.display_name]))
    },
    /** Throws away sessions nobody used for a day. */
    sweep: () => store.deleteSessionsIdleSince(db.system, new Date(app.clock().getTime() - 24 * 60 * MINUTE)),
  }
}
