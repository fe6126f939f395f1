import type { Kysely, Selectable } from 'kysely'
import type { AccountTable, Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>
export type AccountRow = Selectable<AccountTable>

export const accountByUsername = (db: Db, username: string) =>
  db.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirst()

/** Locks the row, so that attempts made at once are all counted. */
export const accountByUsernameForUpdate = (tx: Db, username: string) =>
  tx.selectFrom('account').selectAll().where('username', '=', username).forUpdate().executeTakeFirst()

export const accountById = (db: Db, id: string) =>
  db.selectFrom('account').selectAll().where('account_id', '=', id).executeTakeFirst()

export const accounts = (db: Db) => db.selectFrom('account').selectAll().orderBy('username').execute()

/** Names of some accounts, inactive ones too. */
export const accountNames = (db: Db, ids: string[]) =>
  ids.length === 0
    ? []
    : db.selectFrom('account').select(['account_id', 'display_name']).where('account_id', 'in', ids).execute()

/** Active accounts of some organisations. */
export const accountsIn = (db: Db, organizationIds: string[]) =>
  organizationIds.length === 0
    ? []
    : db
        .selectFrom('account')
        .select(['account_id', 'display_name', 'role', 'organization_id', 'staff_number'])
        .where('organization_id', 'in', organizationIds)
        .where('active', '=', true)
        .orderBy('username')
        .execute()

/** Organisations with an active account in one of some roles. */
export const organizationsWith = (db: Db, roles: string[]) =>
  db
    .selectFrom('account')
    .select('organization_id')
    .distinct()
    .where('role', 'in', roles)
    .where('active', '=', true)
    .execute()

export const insertAccount = (tx: Db, row: Omit<AccountRow, 'failed_attempts' | 'locked_until'>) =>
  tx
    .insertInto('account')
    .values(row)
    .onConflict((c) => c.column('username').doNothing())
    .executeTakeFirst()

export const updateAccount = (
  tx: Db,
  id: string,
  change: Partial<Omit<AccountRow, 'account_id' | 'username'>>,
) => tx.updateTable('account').set(change).where('account_id', '=', id).execute()

export const insertSession = (
  tx: Db,
  row: { secret_hash: Buffer; account_id: string; csrf_token: string; created_at: Date; last_seen_at: Date },
) => tx.insertInto('session').values(row).execute()

export const sessionByHash = (db: Db, hash: Buffer) =>
  db
    .selectFrom('session')
    .innerJoin('account', 'account.account_id', 'session.account_id')
    .selectAll('account')
    .select(['session.csrf_token', 'session.created_at as session_created_at', 'session.last_seen_at'])
    .where('session.secret_hash', '=', hash)
    .executeTakeFirst()

export const touchSession = (db: Db, hash: Buffer, at: Date) =>
  db.updateTable('session').set({ last_seen_at: at }).where('secret_hash', '=', hash).execute()

export const deleteSession = (db: Db, hash: Buffer) =>
  db.deleteFrom('session').where('secret_hash', '=', hash).execute()

export const deleteSessionsOf = (tx: Db, accountId: string) =>
  tx.deleteFrom('session').where('account_id', '=', accountId).execute()

export const deleteSessionsIdleSince = (db: Db, at: Date) =>
  db.deleteFrom('session').where('last_seen_at', '<', at).execute()
