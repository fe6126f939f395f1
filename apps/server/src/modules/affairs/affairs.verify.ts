import { sql } from 'kysely'
import type { App } from '../../platform/context.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { InvitationsService } from '../invitations/invitations.service.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { visitFacts } from './affairs.facts.ts'

const BATCH = 1_000
// The journal holds milliseconds: a change of less must show too.
const whole = (column: string) => sql`date_trunc('milliseconds', ${sql.ref(column)})`

/**
 * Every visit's row against its journal entry, both ways, its ids against what they are derived from, and the
 * invitation that was handed out for it: an end moved forward would take the chance to rate away.
 */
export const visitCheck = (app: App, invitations: InvitationsService): RowCheck => ({
  name: 'visit',
  async run(db, report) {
    const digestKey = app.keys.derive('visit-digest')
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) =>
        db
          .selectFrom('visit')
          .leftJoin('journal_entry', (on) =>
            on
              .onRef('journal_entry.subject_id', '=', 'visit.evaluation_id')
              .onRef('journal_entry.entry_id', '=', 'visit.entry_id')
              .on('journal_entry.kind', '=', 'visit.reported'),
          )
          .leftJoin('invitation', (on) =>
            on
              .onRef('invitation.evaluation_id', '=', 'visit.evaluation_id')
              .onRef('invitation.visit_id', '=', 'visit.visit_id'),
          )
          .selectAll('visit')
          .select(['invitation.secret_hash', 'invitation.issued_at', 'invitation.expires_at'])
          .select('journal_entry.payload')
          .select([
            sql<boolean>`reported_at = recorded_at and (served_at, applied_at, accepted_at, finished_at) is not distinct from (${whole('served_at')}, ${whole('applied_at')}, ${whole('accepted_at')}, ${whole('finished_at')})`.as(
              'on_time',
            ),
            sql<boolean>`issued_at = reported_at and expires_at = date_trunc('milliseconds', expires_at)`.as(
              'exact',
            ),
          ])
          .where('visit.visit_id', '>', after)
          .orderBy('visit.visit_id')
          .limit(BATCH)
          .execute(),
      (last) => last.visit_id,
    )
    for await (const found of pages) {
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
          ? Object.entries(visitFacts(row, digestKey)).find(([key, value]) => payload[key] !== value)?.[0]
          : 'entry'
        const issued = invitations.issue(rateable, row.reported_at, new Date(String(payload?.expiresAt))).row
        const invited =
          row.secret_hash?.equals(issued.secret_hash) &&
          row.exact &&
          row.expires_at?.toISOString() === payload?.expiresAt
        const wrong =
          said ??
          (derived ? undefined : 'affair') ??
          (row.on_time ? undefined : 'time') ??
          (invited ? undefined : 'invitation')
        if (wrong)
          report({
            where: `visit ${row.visit_id} of ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
    }
    const { rows: missing } = await sql<{ subject_id: string }>`
      select e.subject_id from journal_entry e where e.kind = 'visit.reported' and not exists (
        select 1 from visit v where v.evaluation_id = e.subject_id and v.visit_id = (e.payload ->> 'visitId')::uuid
      ) limit 20`.execute(db)
    const { rows: stray } = await sql<{ evaluation_id: string }>`
      select i.evaluation_id from invitation i where not exists (
        select 1 from visit v where v.evaluation_id = i.evaluation_id and v.visit_id = i.visit_id
      ) limit 20`.execute(db)
    for (const row of stray)
      report({ where: `invitation to ${row.evaluation_id}`, what: 'belongs to no visit that was reported' })
    for (const row of missing)
      report({ where: `visit of ${row.subject_id}`, what: 'is in the journal but its row was deleted' })
    return count
  },
})
