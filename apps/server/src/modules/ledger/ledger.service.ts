import {
  appendNodes,
  consistencyProof,
  emptyRoot,
  encodeEntry,
  formatCheckpoint,
  type Hash,
  inclusionProof,
  leafHash,
  nodesForConsistency,
  nodesForInclusion,
  nodesForRoot,
  rootFrom,
} from '@haochaping/ledger'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { sm3 } from '../../platform/crypto/sm.ts'
import { badRequest, notFound } from '../../platform/problem.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import { micros } from '../../platform/time.ts'
import { BATCH, keepSealed } from './consumers.ts'
import * as store from './ledger.store.ts'

const hash: Hash = (data) => sm3(data)

/** The bytes of an entry that its leaf is the hash of. */
export const entryBytes = (entry: store.StoredEntry) =>
  encodeEntry({
    subjectId: entry.subject_id,
    entryId: entry.entry_id,
    kind: entry.kind,
    recordedAt: micros(entry.recorded_at),
    actor: entry.actor,
    payload: entry.payload as Parameters<typeof encodeEntry>[0]['payload'],
  })

export const entryLeaf = (entry: store.StoredEntry) => Buffer.from(leafHash(hash, entryBytes(entry)))

/** Fetches the nodes that a computation will ask for, and answers it from them. */
async function nodeReader(db: Kysely<Tables>, wanted: { level: number; index: number }[]) {
  const hashes = await store.nodeHashes(db, wanted)
  return (level: number, index: number): Uint8Array => {
    const found = hashes.get(`${level}:${index}`)
    if (!found) throw new Error(`the ledger has no node ${level}:${index}`)
    return found
  }
}

async function rootAt(db: Kysely<Tables>, size: number): Promise<Buffer> {
  if (size === 0) return Buffer.from(emptyRoot(hash))
  return Buffer.from(rootFrom(hash, size, await nodeReader(db, nodesForRoot(size))))
}

/** One entry of a history, with what was written in free text. */
export interface HistoryEntry {
  subjectId: string
  kind: string
  at: Date
  actor: string
  payload: Record<string, JsonValue>
  texts: Record<string, string>
}

export type LedgerService = ReturnType<typeof makeLedgerService>

/** The Merkle log over the journal: sealing, checkpoints, proofs. */
export function makeLedgerService(app: App) {
  const { system } = app.db
  const { signer } = app.keys
  const origin = () => `haochaping/${app.config.cityRegion}`

  /**
   * Gives the waiting entries their positions, hashes them into the log and signs a checkpoint: one transaction,
   * one sealer at a time. Killed at any point it leaves the log as it was. Gives how many were sealed.
   */
  async function seal(limit = BATCH): Promise<number> {
    const sealed = await system.transaction().execute(async (tx) => {
      if (!(await store.trySealerLock(tx))) return null
      const pending = await store.pendingEntries(tx, limit)
      if (pending.length === 0) return null
      const size = await store.ledgerSize(tx)
      const read = size === 0 ? () => new Uint8Array() : await nodeReader(tx, nodesForRoot(size))
      const known = new Map<string, Uint8Array>()
      const get = (level: number, index: number) => known.get(`${level}:${index}`) ?? read(level, index)
      const leaves = []
      const nodes = []
      for (const [i, entry] of pending.entries()) {
        const leaf = entryLeaf(entry)
        const position = size + i
        leaves.push({ position, subject_id: entry.subject_id, entry_id: entry.entry_id, leaf_hash: leaf })
        for (const node of appendNodes(hash, position, get, leaf)) {
          known.set(`${node.level}:${node.index}`, node.hash)
          if (node.level > 0) nodes.push(node)
        }
      }
      const newSize = size + pending.length
      await store.insertLeaves(tx, leaves)
      await store.insertNodes(tx, nodes)
      await store.deletePending(tx, pending)
      const root = Buffer.from(rootFrom(hash, newSize, get))
      const issuedAt = app.clock()
      const body = formatCheckpoint({
        origin: origin(),
        size: newSize,
        root,
        timestamp: issuedAt.toISOString(),
      })
      await store.insertCheckpoint(tx, {
        size: newSize,
        root,
        issued_at: issuedAt,
        key_id: signer.keyId,
        body,
        signature: signer.sign(Buffer.from(body, 'utf8')),
      })
      return { size, entries: pending }
    })
    if (!sealed) return 0
    keepSealed(app, sealed.size, sealed.entries)
    return sealed.entries.length
  }

  const showCheckpoint = (c: NonNullable<Awaited<ReturnType<typeof store.latestCheckpoint>>>) => ({
    origin: origin(),
    size: c.size,
    root: c.root.toString('base64'),
    issuedAt: c.issued_at.toISOString(),
    keyId: c.key_id,
    publicKey: signer.publicKeyHex,
    body: c.body,
    signature: c.signature.toString('base64'),
  })

  const latest = async (db: Kysely<Tables> = app.db.portal) => {
    const c = await store.latestCheckpoint(db)
    return c ? showCheckpoint(c) : null
  }

  /**
   * All that is needed to check one entry against the newest checkpoint; null while it waits for the sealer.
   * @throws Problem 404 entry-unknown
   */
  async function proofOf(subjectId: string, entryId: string) {
    const db = app.db.intake
    const entry = await store.entryById(db, subjectId, entryId)
    if (!entry) throw notFound('entry-unknown', '没有这条记录。')
    const leaf = await store.leafOf(db, subjectId, entryId)
    const checkpoint = await latest(db)
    if (!leaf || !checkpoint || leaf.position >= checkpoint.size) return null
    const read = await nodeReader(db, nodesForInclusion(leaf.position, checkpoint.size))
    return {
      entry: {
        subjectId,
        entryId,
        kind: entry.kind,
        recordedAt: micros(entry.recorded_at).toString(),
        actor: entry.actor,
        payload: entry.payload,
      },
      position: leaf.position,
      size: checkpoint.size,
      leafHash: leaf.leaf_hash.toString('base64'),
      proof: inclusionProof(hash, leaf.position, checkpoint.size, read).map((h) =>
        Buffer.from(h).toString('base64'),
      ),
      checkpoint,
    }
  }

  /**
   * The proof that the log of size `to` extends the log of size `from`.
   * @throws Problem 400 bad-range
   */
  async function consistency(from: number, to: number) {
    const size = await store.ledgerSize(app.db.portal)
    if (!(from >= 1 && from <= to && to <= size))
      throw badRequest('bad-range', `范围应满足 1 ≤ from ≤ to ≤ ${size}。`, 'from')
    const read = await nodeReader(app.db.portal, nodesForConsistency(from, to))
    return {
      from,
      to,
      proof: consistencyProof(hash, from, to, read).map((h) => Buffer.from(h).toString('base64')),
    }
  }

  return {
    seal,
    latest,
    proofOf,
    consistency,
    /** The leaf (base64) of every sealed entry of a subject, by the entry's id. */
    leavesOf: async (subjectId: string): Promise<ReadonlyMap<string, string>> =>
      new Map(
        (await store.leavesOf(app.db.portal, subjectId)).map((leaf) => [
          leaf.entry_id,
          leaf.leaf_hash.toString('base64'),
        ]),
      ),
    /** Everything that happened to some subjects, oldest first, read through the caller's transaction. */
    histories: async (tx: Kysely<Tables>, subjectIds: string[]): Promise<HistoryEntry[]> =>
      (subjectIds.length === 0 ? [] : await store.histories(tx, subjectIds)).map((row) => ({
        subjectId: row.subject_id,
        kind: row.kind,
        at: row.recorded_at,
        actor: row.actor,
        payload: row.payload as Record<string, JsonValue>,
        texts: (row.content ?? {}) as Record<string, string>,
      })),
    rootAt: (size: number) => rootAt(app.db.portal, size),
    checkpoints: async (limit: number, offset: number) =>
      (await store.checkpoints(app.db.portal, limit, offset)).map(showCheckpoint),
  }
}
