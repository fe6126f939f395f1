import { createHash, randomBytes } from 'node:crypto'
import { verify } from '@node-rs/argon2'
import type { App } from '../../platform/context.ts'
import { sameText } from '../../platform/crypto/sm.ts'

import { badRequest, forbidden, Problem, unauthorized } from '../../platform/problem.ts'
import { appendAccountEntry, type IdentityNeeds, makeAccounts } from './accounts.ts'
import * as store from './identity.store.ts'
import { actorOf, type Official } from './official.ts'
import { checkPassword, hashPassword } from './password.ts'
import { isRole, permissionsOf, ROLES } from './permissions.ts'

/** A session as the cookie's owner holds it. */
export interface SignIn {
  secret: string
  csrfToken: string
  official: Official
}

const MINUTE = 60_000
const secretHash = (secret: string) => createHash('sm3').update(secret).digest()

function refuseLocked(account: { locked_until: Date | null }, now: Date): void {
  if (!account.locked_until || account.locked_until <= now) return
  const minutes = Math.ceil((account.locked_until.getTime() - now.getTime()) / MINUTE)
  throw new Problem(
    429,
    'account-locked',
    `密码连续输错，账号已锁定，${minutes} 分钟后可以再试；急用请联系系统管理员重置密码。`,
  )
}

export type IdentityService = ReturnType<typeof makeIdentityService>

/** Accounts, sign-in and sessions of officials. */
export function makeIdentityService(app: App, needs: IdentityNeeds) {
  const { db } = app
  // Verified against when the name is unknown, so that an answer takes as long either way.
  const nobody = hashPassword(randomBytes(16))
  const limit = (key: string) =>
    needs.policies.value(key, app.config.cityRegion, app.clock()).then((policy) => policy.value)
  async function toOfficial(row: store.AccountRow): Promise<Official> {
    const organization = await needs.catalog.organization(row.organization_id)
    if (!organization || !isRole(row.role))
      throw forbidden('account-without-place', '账号没有所属机构，请联系系统管理员。')
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
      if (!row?.active) throw unauthorized('sign-in-failed', '用户名或密码不对。')
      refuseLocked(row, now)
      await store.updateAccount(tx, known.account_id, { failed_attempts: 0, locked_until: null })
      await store.insertSession(tx, {
        secret_hash: secretHash(secret),
        account_id: known.account_id,
        csrf_token: csrfToken,
        created_at: now,
        last_seen_at: now,
      })
      await appendAccountEntry(app, tx, 'account.signed-in', known.account_id, actorOf(official))
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
      if (locked) await appendAccountEntry(app, tx, 'account.locked', row.account_id, 'system')
    })
  }

  /**
   * Who a session's secret belongs to; null when it is unknown or over (idle or absolute limit).
   * The time last seen is written at most once a minute, and not when a screen asked by itself (`passive`).
   */
  async function session(
    secret: string,
    passive = false,
  ): Promise<{ official: Official; csrfToken: string } | null> {
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
    if (!passive && now - row.last_seen_at.getTime() > MINUTE)
      await store.touchSession(db.system, hashed, new Date(now))
    return { official: await toOfficial(row), csrfToken: row.csrf_token }
  }

  const csrfMatches = (given: string | undefined, expected: string) =>
    given !== undefined && sameText(given, expected)

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
    const passwordHash = await hashPassword(next)
    await db.system.transaction().execute(async (tx) => {
      await store.updateAccount(tx, row.account_id, {
        password_hash: passwordHash,
        must_change_password: false,
      })
      await store.deleteSessionsOf(tx, row.account_id)
      await appendAccountEntry(app, tx, 'account.password-changed', row.account_id, actorOf(official))
    })
  }

  return {
    signIn,
    session,
    csrfMatches,
    signOut,
    changePassword,
    ...makeAccounts(app, needs),
    /** Throws away sessions nobody used for a day. */
    sweep: () => store.deleteSessionsIdleSince(db.system, new Date(app.clock().getTime() - 24 * 60 * MINUTE)),
  }
}
