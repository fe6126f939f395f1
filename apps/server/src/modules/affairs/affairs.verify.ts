import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { App } from '../../platform/context.ts'
import { lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import type { RowCheck } from '../ledger/verify.ts'
import type { VisitRow } from './affairs.store.ts'

const BATCH = 1_000

/** What of a visit's row stands in its journal entry too, spelled the same way. */
const facts = (v: VisitRow, digestKey: Buffer): Record<string, JsonValue> => ({
  visitId: v.visit_id,
  source: v.source,
  itemCode: v.item_code,
  organizationId: v.organization_id,
  organizationPath: v.organization_path,
  regionCode: v.region_code,
  hallCode: v.hall_code,
  windowCode: v.window_code,
  staffNumber: v.staff_number,
  platformCode: v.platform_code,
  onSite: v.on_site,
  stage: v.stage,
  servedAt: v.served_at.toISOString(),
  digest: createHash('sm3').update(lengthPrefixed(digestKey, v.digest)).digest('hex'),
})

/** Every visit's row against its journal entry, both ways, and its ids against what they are derived from. */
export const visitCheck = (app: App, invitations: InvitationsService): RowCheck => ({
  name: 'visit',
  async run(db, report) {
    const digestKey = app.keys.derive('visit-digest')
    let after = '00000000-0000-0000-0000-000000000000'
    let count = 0
    for (;;) {
      const found = await db
        .selectFrom('visit')
        .leftJoin('journal_entry', (on) =>
          on
            .onRef('journal_entry.subject_id', '=', 'visit.evaluation_id')
            .onRef('journal_entry.entry_id', '=', 'visit.entry_id')
            .on('journal_entry.kind', '=', 'visit.reported'),
        )
        .selectAll('visit')
        .select('journal_entry.payload')
        .select(
          sql<boolean>`reported_at = recorded_at and served_at = date_trunc('milliseconds', served_at)`.as(
            'on_time',
          ),
        )
        .where('visit_id', '>', after)
        .orderBy('visit_id')
        .limit(BATCH)
        .execute()
      if (found.length === 0) break
      for (const row of found) {
        count++
        const rateable = {
          source: row.source,
          affairNumber: row.affair_number,
          visitNumber: row.visit_number,
          onSite: row.on_site,
        }
        const derived =
          invitations.visitId(rateable) === row.visit_id &&
          invitations.evaluationId(rateable) === row.evaluation_id
        const payload = row.payload as Record<string, JsonValue> | null
        const said = payload
          ? Object.entries(facts(row, digestKey)).find(([key, value]) => payload[key] !== value)?.[0]
          : 'entry'
        const wrong = said ?? (derived ? undefined : 'affair') ?? (row.on_time ? undefined : 'time')
        if (wrong)
          report({
            where: `visit ${row.visit_id} of ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
      after = found.at(-1)!.visit_id
    }
    const { rows: missing } = await sql<{ subject_id: string }>`
      select e.subject_id from journal_entry e where e.kind = 'visit.reported' and not exists (
        select 1 from visit v where v.evaluation_id = e.subject_id and v.visit_id = (e.payload ->> 'visitId')::uuid
      ) limit 20`.execute(db)
    for (const row of missing)
      report({ where: `visit of ${row.subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
})
