import type { Generated } from 'kysely'
import type { Json } from './tables.ts'

export interface JournalEntryTable {
  subject_id: string
  entry_id: string
  kind: string
  recorded_at: Date
  actor: string
  payload: Json
}

export interface EntryTextTable {
  subject_id: string
  entry_id: string
  salt: Buffer
  content: Json
}

export interface JournalPendingTable {
  subject_id: string
  entry_id: string
  since: Generated<Date>
}

export interface LedgerLeafTable {
  position: number
  subject_id: string
  entry_id: string
  leaf_hash: Buffer
}

export interface LedgerNodeTable {
  level: number
  index: number
  hash: Buffer
}

export interface LedgerCheckpointTable {
  size: number
  root: Buffer
  issued_at: Date
  key_id: string
  body: string
  signature: Buffer
}

export interface ConsumerCursorTable {
  consumer: string
  position: number
}

/** Tables of the journal and the Merkle log over it. */
export interface LedgerTables {
  journal_entry: JournalEntryTable
  entry_text: EntryTextTable
  journal_pending: JournalPendingTable
  ledger_leaf: LedgerLeafTable
  ledger_node: LedgerNodeTable
  ledger_checkpoint: LedgerCheckpointTable
  consumer_cursor: ConsumerCursorTable
}
