import { type CaseSourceKind, caseEventRule } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import { derivedUuid } from '../../platform/ids.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { roundBegan } from './case.clock.ts'
import type { CaseMove } from './case.moves.ts'
import * as parties from './case.parties.store.ts'
import type { CaseRow } from './case.ts'

/** The lists beside a case's row, each kept in step with it inside the caller's transaction. */
export function makeBesides(app: App) {
  const ids = app.keys.derive('ids')

  /** Notes what a case came from, or why it begins again; true when that was not there yet. */
  const addSource = (tx: Tx, row: CaseRow, kind: CaseSourceKind, sourceId: string | null, at: Date) =>
    parties.insertSource(tx, {
      evaluation_id: row.evaluation_id,
      source_id: derivedUuid(ids, 'case-source', row.case_id, kind, sourceId ?? String(row.round)),
      case_id: row.case_id,
      kind,
      source_evaluation_id: sourceId,
      at,
    })

  /** Keeps the list of organisations beside the lead in step with the row. */
  async function noteParties(
    tx: Tx,
    before: CaseRow,
    after: CaseRow,
    { event, organization }: CaseMove,
    now: Date,
  ): Promise<void> {
    const party = (kind: 'co' | 'former', id: string, path: string) => ({
      evaluation_id: before.evaluation_id,
      party_id: derivedUuid(ids, 'case-party', before.case_id, id, String(after.version)),
      case_id: before.case_id,
      organization_id: id,
      organization_path: path,
      kind,
    })
    if (event === 'add_co_handler' && organization)
      await parties.insertParty(tx, {
        ...party('co', organization.id, organization.path),
        since: now,
        until: null,
      })
    if (event === 'remove_co_handler' && organization)
      await parties.endCoHandling(tx, before.evaluation_id, organization.id, now)
    if (after.organization_id === before.organization_id) return
    await parties.insertParty(tx, {
      ...party('former', before.organization_id, before.organization_path),
      since: roundBegan(before),
      until: now,
    })
    await parties.endCoHandling(tx, before.evaluation_id, after.organization_id, now)
  }

  return { addSource, noteParties }
}

/** What was given with an event, parted: free text stays beside the journal, the rest goes into it. */
export function partedValues({ event, values, files = [] }: CaseMove) {
  const facts: Record<string, JsonValue> = {}
  const text: Record<string, string> = {}
  for (const field of caseEventRule(event).fields) {
    const value = values[field.name]
    if (field.type === 'files') {
      if (files.length > 0) facts[field.name] = files.map(({ fileId, digest }) => ({ fileId, digest }))
    } else if (typeof value === 'string' && value !== '') {
      if (field.type === 'text') text[field.name] = value
      else facts[field.name] = value
    }
  }
  return { values: facts, text }
}
