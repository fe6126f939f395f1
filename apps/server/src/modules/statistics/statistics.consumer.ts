import type { Consumer } from '../ledger/consumers.ts'
import { addCounts, type Cell, type Counts, cellKey, contributions, noCounts } from './counts.ts'
import { counted, type Memory, NOTHING, remember } from './memory.ts'
import * as store from './statistics.store.ts'

/**
 * Follows the ledger and keeps the rollups: what each evaluation adds is a function of all its entries, so a batch
 * changes the figures by the difference between after and before. A batch costs four statements whatever its size.
 */
export const statisticsConsumer: Consumer = {
  name: 'statistics',
  async handle(tx, entries) {
    const own = entries.filter((entry) => counted(entry.kind))
    const before = await store.memories(tx, [...new Set(own.map((entry) => entry.subjectId))])
    const after = new Map<string, Memory>(before)
    for (const entry of own)
      after.set(entry.subjectId, remember(after.get(entry.subjectId) ?? NOTHING, entry))
    const deltas = new Map<string, { cell: Cell; counts: Counts }>()
    const add = (memory: Memory, sign: 1 | -1) => {
      for (const { cell, counts } of contributions(memory)) {
        const at = cellKey(cell)
        const delta = deltas.get(at) ?? { cell, counts: noCounts() }
        addCounts(delta.counts, counts, sign)
        deltas.set(at, delta)
      }
    }
    for (const [id, memory] of after) {
      add(before.get(id) ?? NOTHING, -1)
      add(memory, 1)
    }
    await store.saveMemories(tx, after)
    await store.addDeltas(tx, [...deltas.values()])
    const last = entries.at(-1)!
    await store.setState(tx, last.position, last.recordedAt)
  },
  reset: store.forgetAll,
}
