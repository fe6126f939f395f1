import type { Consumer, SealedEntry } from '../ledger/consumers.ts'
import type { RowCheck } from '../ledger/verify.ts'
import * as store from './commitments.store.ts'

const text = ({ payload }: SealedEntry, name: string) => String(payload[name] ?? '')
const versionOf = (entry: SealedEntry) => Number(entry.payload.version)

const STEPS = new Set(['case.promise', 'case.approve_extension', 'case.complete'])

/** Keeps the commitment register (R15, Q65): a promise, a later day that was approved, its completion. */
export const commitmentConsumer: Consumer = {
  name: 'commitments',
  async handle(tx, entries) {
    // Steps of a case that were taken at the same instant may be sealed in any order; its versions tell theirs.
    const steps = entries.filter(({ kind }) => STEPS.has(kind))
    for (const entry of steps.toSorted((a, b) => versionOf(a) - versionOf(b))) {
      const { kind, subjectId, entryId, recordedAt } = entry
      const round = Number(entry.payload.round)
      if (kind === 'case.promise')
        await store.insertCommitment(tx, {
          evaluation_id: subjectId,
          entry_id: entryId,
          version: versionOf(entry),
          round,
          case_number: text(entry, 'caseNumber'),
          item_code: text(entry, 'itemCode'),
          staff_number: text(entry, 'staffNumber'),
          organization_id: text(entry, 'organizationId'),
          organization_path: text(entry, 'organizationPath'),
          region_code: text(entry, 'regionCode'),
          promised_at: recordedAt,
          promised_first: text(entry, 'promisedOn'),
          promised_on: text(entry, 'promisedOn'),
          completed_at: null,
        })
      if (kind === 'case.approve_extension')
        await store.extendCommitment(tx, subjectId, round, text(entry, 'promisedOn'))
      if (kind === 'case.complete') await store.completeCommitment(tx, subjectId, round, recordedAt)
    }
  },
  reset: async (tx) => void (await store.clearCommitments(tx)),
}

/** Every promise of the register against the entries of the journal it was made of. */
export const commitmentCheck: RowCheck = {
  name: 'commitment',
  derived: true,
  async run(db, report) {
    for (const { evaluation_id } of await store.differingCommitments(db, commitmentConsumer.name, 20))
      report({
        where: `commitment of ${evaluation_id}`,
        what: 'does not agree with the journal: it was changed',
      })
    return store.countCommitments(db)
  },
}
