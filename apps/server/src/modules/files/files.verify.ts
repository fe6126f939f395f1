import type { Kysely } from 'kysely'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { Tables } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import * as store from './files.store.ts'

const BATCH = 500

/** A piece of evidence as an entry of the journal names it. */
interface NamedFile {
  subjectId: string
  fileId: string
  digest: string
}

/** Every piece of evidence that the journal names. */
async function* namedInJournal(db: Kysely<Tables>): AsyncGenerator<NamedFile> {
  const pages = pagesByKey<store.NamingEntry, store.EntryKey>(
    store.FIRST,
    (after) => store.entriesNamingFiles(db, after, BATCH),
    (last) => last,
  )
  for await (const entries of pages)
    for (const { subject_id, payload } of entries) {
      const evidence = Array.isArray(payload.evidence) ? payload.evidence : []
      for (const { fileId, digest } of evidence as unknown as Omit<NamedFile, 'subjectId'>[])
        yield { subjectId: subject_id, fileId, digest }
    }
}

/** Every piece of evidence that the journal names against its row: there, in its case, with the digest it had then. */
export const evidenceCheck: RowCheck = {
  name: 'evidence_file',
  async run(db, report) {
    let count = 0
    for await (const { subjectId, fileId, digest } of namedInJournal(db)) {
      count++
      const row = await store.fileById(db, subjectId, fileId)
      if (row?.digest !== digest)
        report({
          where: `evidence ${fileId} of ${subjectId}`,
          what: row
            ? 'does not agree with the journal (digest): it was changed'
            : 'is in the journal but its row was deleted',
        })
    }
    return count
  },
}

/**
 * Every file itself: read from the storage, opened, and its content held to the digest that the journal has of it,
 * then those that only a row names so far. Takes as long as reading all of them does.
 * @param inspect gives what is wrong with the content of a digest, or null
 */
export const contentCheck = (inspect: (digest: string) => Promise<string | null>): RowCheck => ({
  name: 'evidence content',
  async run(db, report) {
    // The same content is read once, however many files it is.
    const looked = new Map<string, string | null>()
    let count = 0
    async function look({ subjectId, fileId, digest }: NamedFile): Promise<void> {
      count++
      if (!looked.has(digest)) looked.set(digest, await inspect(digest))
      const wrong = looked.get(digest)
      if (wrong) report({ where: `content of evidence ${fileId} of ${subjectId}`, what: wrong })
    }
    for await (const named of namedInJournal(db)) await look(named)
    const pages = pagesByKey<store.NamedContent, Omit<store.NamedContent, 'digest'>>(
      { evaluation_id: FIRST_ID, file_id: FIRST_ID },
      (after) => store.rowsAfter(db, after, BATCH),
      (last) => last,
    )
    for await (const rows of pages)
      for (const { evaluation_id, file_id, digest } of rows)
        if (!looked.has(digest)) await look({ subjectId: evaluation_id, fileId: file_id, digest })
    return count
  },
})
