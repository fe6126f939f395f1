import type { Kysely } from 'kysely'
import { type Config, ConfigError } from './config.ts'
import type { Tables } from './tables.ts'

/** What an installation's database is for, as it was marked when it was first used; null for a new one. */
export async function deploymentKind(db: Kysely<Tables>): Promise<Config['mode'] | null> {
  const row = await db.selectFrom('deployment').select('value').where('key', '=', 'kind').executeTakeFirst()
  return row ? (row.value as Config['mode']) : null
}

/**
 * Marks a new database with the mode it is used in, and holds later runs to it: demo data and accounts never meet
 * real ones.
 * @throws ConfigError when the database was made in the other mode
 */
export async function claimDeployment(db: Kysely<Tables>, mode: Config['mode']): Promise<void> {
  await db
    .insertInto('deployment')
    .values({ key: 'kind', value: mode })
    .onConflict((c) => c.column('key').doNothing())
    .execute()
  const kind = await deploymentKind(db)
  if (kind !== mode)
    throw new ConfigError(
      kind === 'demo'
        ? 'HAOCHAPING_MODE=production: this database holds demo data and demo accounts, production mode refuses it. Use a new database.'
        : 'HAOCHAPING_MODE=demo: this database is in production use, demo mode refuses it. Set HAOCHAPING_MODE=production or use another database.',
    )
}
