import type { Kysely } from 'kysely'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import * as beside from './case.parties.store.ts'
import type { CaseRow } from './case.ts'
import { saidOf } from './rectification.store.ts'

/** A case's row beside the last entry that the journal has of it. */
interface Checked {
  row: CaseRow
  payload: Record<string, JsonValue> | null
}
const EVALUATORS = ['rating', 'complaint', 'opinion']

/**
 * What rows hold that their last entry does not yet speak of, because it was written before it was kept: whoever of the
 * case left a name (0018), and whoever was rated in what was joined to it (0020). The upgrade made both out of the
 * ratings and complaints that the case came from; they are made again, out of what the journal says of those, so that
 * such rows are vouched for before anything else happens to them.
 *
 * @returns by the case's id, what must stand in its row
 */
export async function madeByUpgrade(
  db: Kysely<Tables>,
  checked: readonly Checked[],
): Promise<Map<string, Record<string, JsonValue>>> {
  const rows = checked
    .filter(({ payload }) => payload && (payload.persons === undefined || payload.joinedStaff === undefined))
    .map(({ row }) => row)
  if (rows.length === 0) return new Map()
  const sources = (
    await beside.sourcesOf(
      db,
      rows.map((row) => row.evaluation_id),
    )
  ).filter((source) => EVALUATORS.includes(source.kind))
  const said = await saidOf(
    db,
    sources.flatMap((source) => source.source_evaluation_id ?? []),
  )
  return new Map(
    rows.map((row) => {
      const ids = new Set(
        sources.flatMap((source) =>
          source.evaluation_id === row.evaluation_id ? (source.source_evaluation_id ?? []) : [],
        ),
      )
      const all = [...ids].map((id) => ({ id, ...said.get(id) }))
      const staff = all.flatMap(({ staffNumber = '' }) => staffNumber)
      const persons = all.filter(({ realName }) => row.real_name && realName)
      return [
        row.evaluation_id,
        {
          joinedStaff: [...new Set(staff)].filter((one) => one !== '' && one !== row.staff_number).sort(),
          persons: persons.map(({ id, doNotContact = false }) => ({
            id,
            doNotContact,
            contacted: row.contacted,
            attempts: row.attempts,
          })),
        },
      ]
    }),
  )
}
