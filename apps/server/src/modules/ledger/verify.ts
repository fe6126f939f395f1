import {
  appendNodes,
  type Checkpoint,
  type Hash,
  leafHash,
  parseCheckpoint,
  rootFrom,
} from '@haochaping/ledger'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { sm3 } from '../../platform/crypto/sm.ts'
import { sm2Verify } from '../../platform/crypto/sm2.ts'
import type { JsonValue, Tables } from '../../platform/tables.ts'
import { entryBytes } from './ledger.service.ts'
import * as store from './ledger.store.ts'
import { checkCounts, checkJournal, checkTexts } from './verify.journal.ts'

const hash: Hash = (data) => sm3(data)

/** One thing that does not fit. */
export interface Finding {
  /** where: a ledger position, a checkpoint size, or an id */
  where: string
  what: string
}

/** What a verification found. Empty findings: everything fits. */
export interface Verification {
  size: number
  entries: number
  evaluations: number
  checkpoints: number
  findings: Finding[]
}

/** Rows that are derived from, or must agree with, their journal entries. */
export interface RowCheck {
  name: string
  /** made from the journal and not part of the record: looked at only when the record itself is sound */
  derived?: true
  /** Checks its rows against the journal; gives how many it looked at. */
  run(db: Kysely<Tables>, report: (finding: Finding) => void): Promise<number>
}

export interface VerifyOptions {
  /** how many findings are collected; default 20 */
  maximum?: number
  /** a checkpoint that was kept outside the database: the log must still hold just what it vouches for */
  kept?: Checkpoint
  progress?: (done: number, of: number) => void
}

const BATCH = 1_000

/**
 * Recomputes the whole log from the rows: every leaf from its journal entry, every node, every checkpoint's root and
 * signature; every text against its commitment; every fact row against its entry; and that nothing is missing on
 * either side. Stops collecting after `maximum` findings. Reads only, all of it as it stood at one moment, so that
 * it may run while ratings come in.
 *
 * What nothing inside the database can show: its newest entries taken away together with their leaves, nodes,
 * checkpoints and rows. A checkpoint that was kept outside shows it (`kept`), as do receipts that were given out.
 */
export const verifyLedger = (
  app: App,
  checks: RowCheck[],
  options: VerifyOptions = {},
): Promise<Verification> =>
  app.db.system
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => verifySnapshot(app, tx, checks, options))

async function verifySnapshot(
  app: App,
  db: Kysely<Tables>,
  checks: RowCheck[],
  options: VerifyOptions,
): Promise<Verification> {
  const findings: Finding[] = []
  const report = (finding: Finding) => {
    if (findings.length < (options.maximum ?? 20)) findings.push(finding)
  }
  const size = await store.ledgerSize(db)
  const checkpoints = new Map((await store.allCheckpoints(db)).map((c) => [c.size, c]))
  // A right-hand frontier is all that is needed to recompute every root on the way up.
  const nodes = new Map<string, Uint8Array>()
  const get = (level: number, index: number) => {
    const found = nodes.get(`${level}:${index}`)
    if (!found) throw new Error(`node ${level}:${index} missing from the recomputation`)
    return found
  }
  let position = 0
  /** how many entries the last sound checkpoint vouches for */
  let sound = 0
  while (position < size) {
    const rows = await store.sealedFrom(db, position, BATCH)
    if (rows.length === 0 || rows[0]!.position !== position) {
      report({ where: `position ${position}`, what: 'the log has a gap: this position is missing' })
      break
    }
    const stored = await store.nodeHashes(db, nodesAbove(position, rows.length))
    for (const row of rows) {
      if (row.position !== position) {
        report({ where: `position ${position}`, what: 'the log has a gap: this position is missing' })
        break
      }
      if (!row.leaf_hash.equals(recomputeLeaf(row, report)))
        report({
          where: `position ${position}`,
          what: `entry ${row.entry_id} (${row.kind ?? 'missing'}) does not hash to its leaf: it was changed`,
        })
      // On from the stored leaf, so that one changed entry is one finding and does not hide the next.
      for (const node of appendNodes(hash, position, get, row.leaf_hash)) {
        nodes.set(`${node.level}:${node.index}`, node.hash)
        const kept = stored.get(`${node.level}:${node.index}`)
        if (node.level > 0 && !kept?.equals(node.hash))
          report({
            where: `node ${node.level}:${node.index}`,
            what: 'the stored tree node does not follow from the entries',
          })
        prune(nodes, node)
      }
      position++
      if (position === options.kept?.size) checkKept(options.kept, rootFrom(hash, position, get), report)
      const checkpoint = checkpoints.get(position)
      if (checkpoint) {
        const root = Buffer.from(rootFrom(hash, position, get))
        const wrong = wrongWith(app, checkpoint, root)
        if (wrong) report({ where: `checkpoint ${position}`, what: wrong })
        if (wrong === ROOT_WRONG)
          report({
            where: `positions ${sound} to ${position - 1}`,
            what: 'one of these entries was changed together with its leaf: the checkpoint before them is sound',
          })
        else sound = position
      }
    }
    options.progress?.(position, size)
  }
  for (const c of checkpoints.values())
    if (c.size > size)
      report({
        where: `checkpoint ${c.size}`,
        what: `signed for ${c.size} entries, the log holds ${size}: entries were removed`,
      })
  if (options.kept && options.kept.size > size)
    report({
      where: `kept checkpoint ${options.kept.size}`,
      what: `counted ${options.kept.size} entries, the log holds ${size}: entries were removed`,
    })
  if (size > 0 && !checkpoints.has(size))
    report({ where: `checkpoint ${size}`, what: 'the newest entries have no signed checkpoint' })
  await checkCounts(db, size, report)
  await checkTexts(db, report)
  const entries = await checkJournal(db, report)
  let evaluations = 0
  for (const check of checks) {
    if (check.derived && findings.length > 0) continue
    const looked = await check.run(db, report)
    if (check.name === 'evaluation') evaluations = looked
  }
  return { size, entries, evaluations, checkpoints: checkpoints.size, findings }
}

function checkKept(kept: Checkpoint, root: Uint8Array, report: (f: Finding) => void): void {
  if (!Buffer.from(root).equals(kept.root))
    report({
      where: `kept checkpoint ${kept.size}`,
      what: `the first ${kept.size} entries are not those it was signed for: the log was written anew`,
    })
}

type SealedRow = Awaited<ReturnType<typeof store.sealedFrom>>[number]

function recomputeLeaf(row: SealedRow, report: (f: Finding) => void): Buffer {
  if (row.kind === null || row.recorded_at === null || row.actor === null) {
    report({ where: `position ${row.position}`, what: `its journal entry ${row.entry_id} was deleted` })
    return row.leaf_hash
  }
  if (row.finer) return Buffer.alloc(32)
  try {
    const bytes = entryBytes({
      subject_id: row.subject_id,
      entry_id: row.entry_id,
      kind: row.kind,
      recorded_at: row.recorded_at,
      actor: row.actor,
      payload: row.payload as JsonValue,
    })
    return Buffer.from(leafHash(hash, bytes))
  } catch {
    return Buffer.alloc(32)
  }
}

/** Coordinates of the nodes above the leaves that become complete with these positions. */
function nodesAbove(from: number, count: number): { level: number; index: number }[] {
  const wanted = []
  for (let level = 1; 2 ** level <= from + count; level++) {
    const width = 2 ** level
    for (let index = Math.floor(from / width); (index + 1) * width <= from + count; index++)
      wanted.push({ level, index })
  }
  return wanted
}

/** Once a parent stands, its children are not needed for any later root. */
function prune(nodes: Map<string, Uint8Array>, node: { level: number; index: number }): void {
  if (node.level === 0) return
  nodes.delete(`${node.level - 1}:${2 * node.index}`)
  nodes.delete(`${node.level - 1}:${2 * node.index + 1}`)
}

const ROOT_WRONG = 'its signed root does not follow from the entries below it'

/** What is wrong with a checkpoint, given the root that follows from the leaves. */
function wrongWith(
  app: App,
  c: Awaited<ReturnType<typeof store.allCheckpoints>>[number],
  root: Buffer,
): string | null {
  const said = readBody(c.body)
  if (!c.root.equals(root) || said?.size !== c.size || !root.equals(said.root)) return ROOT_WRONG
  if (c.finer || said.timestamp !== c.issued_at.toISOString())
    return 'its time is not the one that was signed'
  if (c.key_id !== app.keys.signer.keyId) return `signed by an unknown key ${c.key_id}`
  const signed = sm2Verify(app.keys.signer.publicKeyHex, Buffer.from(c.body, 'utf8'), c.signature)
  return signed ? null : 'its signature is not valid'
}

function readBody(body: string): Checkpoint | null {
  try {
    return parseCheckpoint(body)
  } catch {
    return null
  }
}
