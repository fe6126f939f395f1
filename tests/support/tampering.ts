import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { appendEntry } from '../../apps/server/src/modules/ledger/journal.ts'
import { verifyLedger } from '../../apps/server/src/modules/ledger/verify.ts'
import type { Database } from '../../apps/server/src/platform/database.ts'
import { aCase, loadCalendar } from './cases.ts'
import { testCity } from './longming.ts'
import { rate } from './rating.ts'

/** Tables whose every column is vouched for by the journal and the log. */
export const VOUCHED = [
  'journal_entry',
  'entry_text',
  'evaluation',
  'personal_data',
  'visit',
  'invitation',
  'ledger_leaf',
  'ledger_node',
  'ledger_checkpoint',
] as const
const FOLLOWERS = [
  'consumer_cursor',
  'statistic_daily',
  'statistic_evaluation',
  'statistic_state',
  'publication_case',
]
const KEPT = [...VOUCHED, 'journal_pending', ...FOLLOWERS]

/** A sealed city with ratings of every kind in it, and an attacker who has the database owner's password. */
export async function testAttack() {
  const t = await testCity()
  const owner = new pg.Client({ connectionString: t.ownerUrl })
  await owner.connect()
  await loadCalendar(t)
  await rate(t, { level: 5, optionCodes: ['510'], words: '很快' })
  await rate(t, { level: 3, hallLevel: 4, realName: true, name: '钱小凤', phone: '13900001111' })
  await aCase(t, { realName: true, hallLevel: 2 })
  await rate(
    t,
    { level: 4 },
    {
      applicant: { name: '孙某' },
      appliedAt: '2026-11-20 09:00:00',
      acceptedAt: '2026-11-20 10:00:00',
      finishedAt: '2026-11-24 09:00:00',
    },
  )
  await t.settle()
  for (const table of KEPT) await owner.query(`create table kept_${table} as table ${table}`)
  return {
    ...t,
    /** the attacker's connection */
    owner,
    /** What `ledger verify` says now. */
    findings: async () => (await verifyLedger(t.app, t.services.rowChecks, { maximum: 50 })).findings,
    /** Everything as the attacker found it. */
    async putBack(...tables: string[]) {
      for (const table of tables.length > 0 ? tables : KEPT)
        await owner.query(`begin; delete from ${table}; insert into ${table} table kept_${table}; commit`)
    },
    /** Writes entries as the program does. */
    write: (n: number, db: Database = t.app.db) =>
      db.system.transaction().execute(async (tx) => {
        for (let i = 0; i < n; i++)
          await appendEntry(tx, {
            subjectId: randomUUID(),
            kind: 'test.happened',
            actor: 'system',
            at: t.clock.now,
            payload: { i },
            text: { note: '写' },
          })
      }),
    async close() {
      await owner.end()
      await t.close()
    },
  }
}
export type Attack = Awaited<ReturnType<typeof testAttack>>
