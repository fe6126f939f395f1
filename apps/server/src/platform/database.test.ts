import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { DONGHU, testCity, XILING } from '../../../../tests/support/longming.ts'
import { at, rate } from '../../../../tests/support/rating.ts'
import { asStaff, DATABASE_ROLES, type DatabaseRole, rolePassword, roleUrl } from './database.ts'
import { migrationFiles } from './migrate.ts'

type Kind = 'fact' | 'reference' | 'local'
/** The tables of the migrations with the kind that the comment above each names; null where it names none. */
const TABLES = migrationFiles().flatMap(({ sql: text }) =>
  [...text.matchAll(/((?:^--[^\n]*\n)*)^CREATE TABLE (\w+)/gm)].map(([, comment = '', name = '']) => ({
    name,
    kind: (/^-- kind: (fact|reference|local)$/m.exec(comment)?.[1] ?? null) as Kind | null,
  })),
)
const FACTS = TABLES.filter((table) => table.kind === 'fact').map((table) => table.name)
/** What may be changed all the same: derived rows, and marks that are used up. */
const EXCEPTIONS: Partial<Record<DatabaseRole, Record<string, ('UPDATE' | 'DELETE')[]>>> = {
  staff: {
    rectification_case: ['UPDATE'],
    case_party: ['UPDATE'],
    appeal: ['UPDATE'],
    supervision_order: ['UPDATE'],
    spot_check_item: ['UPDATE'],
    retaliation_report: ['UPDATE'],
  },
  system: {
    rectification_case: ['UPDATE'],
    case_party: ['UPDATE'],
    appeal: ['UPDATE'],
    supervision_order: ['UPDATE'],
    outbound_message: ['UPDATE'],
    commitment: ['UPDATE', 'DELETE'],
    journal_pending: ['DELETE'],
  },
}
/** The log itself: not facts by kind, but as lasting. */
const LOG = ['ledger_leaf', 'ledger_node', 'ledger_checkpoint', 'catalog_version', 'policy']

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await rate(t, { level: 1, words: '东湖' }, at(DONGHU))
  await rate(t, { level: 1, words: '西岭' }, at(XILING))
  await t.settle()
})
afterAll(() => t.close())

const rowsOf = async (text: string, values: unknown[] = []) => (await t.asOwner(text, values)).rows

describe('every table', () => {
  it('says in a comment of which kind it is, and is there', async () => {
    expect(TABLES.filter((table) => table.kind === null)).toEqual([])
    const there = await rowsOf(
      `select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'`,
    )
    expect(there.map((row) => row.tablename).sort()).toEqual(TABLES.map((table) => table.name).sort())
  })

  it('has no trigger and no sequence: neither works on a cluster', async () => {
    expect(await rowsOf(`select tgname from pg_trigger where not tgisinternal`)).toEqual([])
    expect(await rowsOf(`select relname from pg_class where relkind = 'S'`)).toEqual([])
  })

  it('that is a fact has what it belongs to as the first column of its key and of all that is unique', async () => {
    expect(FACTS.length).toBeGreaterThan(8)
    for (const name of FACTS) {
      const keys = await rowsOf(
        `select i.indisprimary, a.attname from pg_index i
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = $1::regclass and i.indisunique`,
        [name],
      )
      expect(
        keys.some((key) => key.indisprimary),
        name,
      ).toBe(true)
      for (const { attname } of keys) expect(attname, name).toMatch(/^(evaluation_id|subject_id)$/)
    }
  })

  it('that is a fact refers to other facts, if at all, by what it is distributed by', async () => {
    for (const name of FACTS) {
      const keys = await rowsOf(
        `select a.attname from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.conrelid = $1::regclass`,
        [name],
      )
      for (const { attname } of keys) expect(attname, name).toMatch(/^(evaluation_id|subject_id)$/)
    }
  })
})

describe.each(DATABASE_ROLES)('the role %s', (role) => {
  it('is nobody special in the database', async () => {
    const [me] = await rowsOf('select * from pg_roles where rolname = $1', [`haochaping_${role}`])
    expect(me).toMatchObject({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
    })
    const owned = await rowsOf(
      `select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = $1`,
      [`haochaping_${role}`],
    )
    expect(owned).toEqual([])
    await expect(sql`create table mine (x int)`.execute(t.app.db[role])).rejects.toMatchObject({
      code: '42501',
    })
  })

  it.each([...FACTS, ...LOG])('cannot change, delete or empty %s', async (table) => {
    const db = t.app.db[role]
    const allowed = EXCEPTIONS[role]?.[table] ?? []
    const columns = await rowsOf(
      'select column_name as name from information_schema.columns where table_name = $1',
      [table],
    )
    const refused = { code: '42501' }
    if (!allowed.includes('UPDATE'))
      for (const { name } of columns)
        await expect(
          sql`update ${sql.table(table)} set ${sql.ref(name)} = null`.execute(db),
          `${role} updates ${table}.${name}`,
        ).rejects.toMatchObject(refused)
    if (!allowed.includes('DELETE'))
      await expect(sql`delete from ${sql.table(table)}`.execute(db)).rejects.toMatchObject(refused)
    await expect(sql`truncate ${sql.table(table)}`.execute(db)).rejects.toMatchObject(refused)
    const rights = await rowsOf(
      `select has_any_column_privilege($1, $2, 'UPDATE') as update, has_table_privilege($1, $2, 'DELETE') as delete,
         has_table_privilege($1, $2, 'TRUNCATE') as truncate, has_table_privilege($1, $2, 'TRIGGER') as trigger,
         has_table_privilege($1, $2, 'REFERENCES') as references`,
      [`haochaping_${role}`, table],
    )
    expect(rights[0]).toEqual({
      update: allowed.includes('UPDATE'),
      delete: allowed.includes('DELETE'),
      truncate: false,
      trigger: false,
      references: false,
    })
  })
})

describe('the roles', () => {
  it('have passwords of their own, which follow from the master secret', () => {
    const passwords = DATABASE_ROLES.map((role) => rolePassword(t.app.keys, role))
    expect(new Set(passwords).size).toBe(DATABASE_ROLES.length)
    const url = new URL(
      roleUrl('postgres://owner:secret@db.example:5433/haochaping?sslmode=require', t.app.keys, 'portal'),
    )
    expect(url.username).toBe('haochaping_portal')
    expect(url.password).toBe(passwords[DATABASE_ROLES.indexOf('portal')])
    expect(url.host + url.pathname + url.search).toBe('db.example:5433/haochaping?sslmode=require')
  })

  it('portal reads nothing of single persons, ratings or visits', async () => {
    for (const table of [
      'personal_data',
      'evaluation',
      'visit',
      'entry_text',
      'journal_entry',
      'account',
      'session',
      'outbound_message',
    ])
      await expect(
        sql`select 1 from ${sql.table(table)}`.execute(t.app.db.portal),
        table,
      ).rejects.toMatchObject({
        code: '42501',
      })
  })

  it('intake reads no accounts, sessions or messages', async () => {
    for (const table of ['account', 'session', 'outbound_message'])
      await expect(
        sql`select 1 from ${sql.table(table)}`.execute(t.app.db.intake),
        table,
      ).rejects.toMatchObject({
        code: '42501',
      })
  })
})

describe('what staff see', () => {
  const count = (table: string) => sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`
  const PLACED = [
    'visit',
    'evaluation',
    'personal_data',
    'journal_entry',
    'entry_text',
    'rectification_case',
  ] as const

  it.each(PLACED)(
    'of %s without a place is nothing, before and after somebody else’s transaction',
    async (table) => {
      const seen = async () => (await count(table).execute(t.app.db.staff)).rows[0]!.n
      expect(await seen()).toBe(0)
      const place = { path: '/lm/' }
      expect(
        await asStaff(t.app.db, place, async (tx) => (await count(table).execute(tx)).rows[0]!.n),
      ).toBeGreaterThan(0)
      // The setting is local to the transaction; on a connection used before it reads as '', which is no place either.
      for (let i = 0; i < 10; i++) expect(await seen()).toBe(0)
    },
  )

  it.each([
    ['/lm/lm-dh/', ['东湖']],
    ['/lm/lm-xl/', ['西岭']],
    ['/lm/', ['东湖', '西岭']],
  ] as const)('of ratings from %s is what lies below it', async (path, words) => {
    const texts = await asStaff(t.app.db, { path }, (tx) =>
      tx.selectFrom('entry_text').select('content').execute(),
    )
    expect(texts.map((row) => (row.content as { words: string }).words).sort()).toEqual([...words].sort())
  })

  it.each(['', '%', '/', '/lm', 'lm', '/lm/lm-d', '_', '/lm/lm-dh/%'])(
    'from the place %j is no more than lies below it',
    async (path) => {
      const { rows } = await asStaff(t.app.db, { path }, (tx) =>
        sql<{ organization_path: string }>`select organization_path from evaluation`.execute(tx),
      )
      for (const row of rows) expect(row.organization_path.startsWith(path)).toBe(true)
      if (path === '' || !path.startsWith('/')) expect(rows).toEqual([])
    },
  )
})
