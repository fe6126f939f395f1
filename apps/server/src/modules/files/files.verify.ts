import type { RowCheck } from '../ledger/verify.ts'
import * as store from './files.store.ts'

const BATCH = 500

/** Every piece of evidence that the journal names against its row: there, in its case, with the digest it had then. */
export const evidenceCheck: RowCheck = {
  name: 'evidence_file',
  async run(db, report) {
    let after = '00000000-0000-0000-0000-000000000000'
    let count = 0
    for (;;) {
      const entries = await store.entriesNamingFiles(db, after, BATCH)
      if (entries.length === 0) return count
      for (const { subject_id, payload } of entries) {
        const named = (payload.evidence ?? []) as { fileId: string; digest: string }[]
        for (const { fileId, digest } of named) {
          count++
          const row = await store.fileById(db, subject_id, fileId)
          if (row?.digest !== digest)
            report({
              where: `evidence ${fileId} of ${subject_id}`,
              what: row
                ? 'does not agree with the journal (digest): it was changed'
                : 'is in the journal but its row was deleted',
            })
        }
      }
      after = entries.at(-1)!.entry_id
    }
  },
}
