import { REOPENING_EVENTS } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import type { Finding } from '../ledger/verify.ts'
import * as parties from './case.parties.store.ts'
import type { CaseRow } from './case.ts'

const REOPENED = new Set(REOPENING_EVENTS.map((event) => `case.${event}`))
const text = (value: unknown) => (typeof value === 'string' ? value : '')
const alike = (one: string[], other: string[]) =>
  JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted())

/** What a case came from by its entries: kind and id of each. Entries of the first version knew only ratings. */
const sourcesTold = (entries: parties.TellingEntry[]): string[] =>
  entries.flatMap(({ kind, subject_id, payload }) => {
    if (kind === 'case.opened') return [`${text(payload.sourceKind) || 'rating'} ${subject_id}`]
    if (kind === 'case.joined') return [`${text(payload.source)} ${text(payload.sourceEvaluationId)}`]
    return REOPENED.has(kind) ? ['reopened '] : []
  })

/** Who handled it beside the lead by its entries: as what, and whether they do still. */
function partiesTold(entries: parties.TellingEntry[]): string[] {
  const told: { kind: 'co' | 'former'; id: string; over: boolean }[] = []
  const endHelp = (id: string) => {
    for (const one of told) if (one.kind === 'co' && one.id === id) one.over = true
  }
  for (const { kind, payload } of entries) {
    if (kind === 'case.add_co_handler') told.push({ kind: 'co', id: text(payload.organization), over: false })
    if (kind === 'case.remove_co_handler') endHelp(text(payload.organization))
    const former = text(payload.formerOrganizationId)
    if (former === '') continue
    told.push({ kind: 'former', id: former, over: true })
    endHelp(text(payload.organizationId))
  }
  return told.map(({ kind, id, over }) => `${kind} ${id} ${over}`)
}

/**
 * The lists beside cases, one of what each came from and one of who handles it with the lead, against the entries that
 * made them; those who help still must be the ones that the case's row names.
 */
export async function besides(db: Kysely<Tables>, rows: CaseRow[]): Promise<Finding[]> {
  const ids = rows.map((row) => row.evaluation_id)
  const handling = Map.groupBy(await parties.partiesOf(db, ids), (party) => party.evaluation_id)
  const sources = Map.groupBy(await parties.sourcesOf(db, ids), (source) => source.evaluation_id)
  const told = Map.groupBy(await parties.tellingEntries(db, ids), (entry) => entry.subject_id)
  return rows.flatMap((row) => {
    const found = (what: string) => ({ where: `case ${row.case_number} of ${row.evaluation_id}`, what })
    const entries = told.get(row.evaluation_id) ?? []
    const beside = handling.get(row.evaluation_id) ?? []
    const helping = beside.filter((party) => party.kind === 'co' && party.until === null)
    const came = (sources.get(row.evaluation_id) ?? []).map(
      (source) => `${source.kind} ${source.source_evaluation_id ?? ''}`,
    )
    const handled = beside.map((party) => `${party.kind} ${party.organization_id} ${party.until !== null}`)
    const agrees =
      alike(handled, partiesTold(entries)) &&
      alike(
        helping.map((party) => party.organization_path),
        row.party_paths,
      )
    return [
      ...(agrees ? [] : [found('does not agree with the list of organisations that handle it')]),
      ...(alike(came, sourcesTold(entries))
        ? []
        : [found('does not agree with the list of what it came from')]),
    ]
  })
}
