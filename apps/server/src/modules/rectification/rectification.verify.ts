import { same } from '../../platform/agreement.ts'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { derived } from './case.clock.ts'
import { ALARM_EVENTS, laterFacts, rowFacts, togetherFacts } from './case.entry.ts'
import { besides } from './case.parties.verify.ts'
import { type CaseRow, personColumns } from './case.ts'
import { madeByUpgrade } from './case.upgrade.verify.ts'
import { CASE_OPENER } from './rectification.consumer.ts'
import * as store from './rectification.store.ts'

const BATCH = 500

/** The first of a row's facts that the journal says otherwise. */
function differing(
  row: CaseRow,
  payload: Record<string, JsonValue>,
  made: Record<string, JsonValue> = {},
): string | undefined {
  // An entry of an earlier version says nothing of what came later, which the upgrade made where it could.
  const told = { ...made, ...payload }
  const later = {
    ...(payload.clocksDigest === undefined && laterFacts(row)),
    ...(payload.persons === undefined && togetherFacts(row)),
    ...(payload.joinedStaff === undefined && { joinedStaff: row.joined_staff }),
  }
  if (payload.persons === undefined && (row.reported_paths.length > 0 || row.reports_waived))
    return 'reportedPaths'
  const skipped = (key: string) =>
    (Object.hasOwn(later, key) && !Object.hasOwn(made, key)) ||
    (key === 'clock' && ALARM_EVENTS.includes(String(payload.event)))
  return Object.entries(rowFacts(row)).find(([key, value]) => !skipped(key) && !same(told[key], value))?.[0]
}

const asText = (value: unknown) => JSON.stringify(value)
/** A column that does not follow from the row's clocks, or from the persons it names. */
function underived(row: CaseRow, payload: Record<string, JsonValue>): string | undefined {
  const columns: Partial<CaseRow> = {
    ...derived(row),
    ...(payload.persons !== undefined && {
      ...personColumns(row.persons),
      real_name: row.persons.length > 0,
    }),
  }
  return (Object.keys(columns) as (keyof typeof columns)[]).find(
    (column) => asText(row[column]) !== asText(columns[column]),
  )
}

/**
 * Every case's row against the last entry the journal has of it, every case the journal opened against its row, and
 * every negative rating against its case: whoever moves the opener's cursor on would spare themselves one.
 */
export const caseCheck: RowCheck = {
  name: 'rectification_case',
  async run(db, report) {
    let count = 0
    const pages = pagesByKey(
      FIRST_ID,
      (after) => store.casesWithLastEntry(db, after, BATCH),
      (last) => last.row.evaluation_id,
    )
    for await (const found of pages) {
      const made = await madeByUpgrade(db, found)
      for (const { row, payload } of found) {
        count++
        const wrong = payload
          ? (differing(row, payload, made.get(row.evaluation_id)) ?? underived(row, payload))
          : 'no entry'
        if (wrong)
          report({
            where: `case ${row.case_number} of ${row.evaluation_id}`,
            what: `does not agree with the journal (${wrong}): it was changed`,
          })
      }
      for (const finding of await besides(
        db,
        found.map(({ row }) => row),
      ))
        report(finding)
    }
    for (const { subject_id } of await store.missingCases(db, 20))
      report({ where: `case of ${subject_id}`, what: 'is in the journal but its row was deleted' })
    for (const { evaluation_id } of await store.passedOver(db, CASE_OPENER, 20))
      report({
        where: `evaluation ${evaluation_id}`,
        what: 'is negative and was passed over: it has no case',
      })
    return count
  },
}
