import type { Kysely } from 'kysely'
import { FIRST_ID, pagesByKey } from '../../platform/pages.ts'
import type { Tables } from '../../platform/tables.ts'
import type { RowCheck } from '../ledger/verify.ts'
import { addCounts, COUNTS, type Counts, cellKey, contributions, noCounts } from './counts.ts'
import { type Memory, NOTHING, remember } from './memory.ts'
import { statisticsConsumer } from './statistics.consumer.ts'
import * as store from './statistics.store.ts'

/** Cells held in memory at once; more are gone through in several rounds. */
const CELLS = 300_000
const SUBJECTS = 1_000

/** Which round a cell is looked at in. */
function roundOf(key: string, rounds: number): number {
  let hash = 0
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) % 1_000_003
  return hash % rounds
}

/** The cells of one round as they follow from the entries that the figures hold. */
async function expectedCells(
  db: Kysely<Tables>,
  position: number,
  mine: (key: string) => boolean,
): Promise<Map<string, Counts>> {
  const cells = new Map<string, Counts>()
  const pages = pagesByKey(
    FIRST_ID,
    (after) => store.entriesOfSubjects(db, after, position, SUBJECTS),
    (last) => last.subjectId,
  )
  for await (const entries of pages) {
    const known = new Map<string, Memory>()
    for (const entry of entries)
      known.set(entry.subjectId, remember(known.get(entry.subjectId) ?? NOTHING, entry))
    for (const memory of known.values())
      for (const { cell, counts } of contributions(memory)) {
        const key = cellKey(cell)
        if (mine(key)) cells.set(key, addCounts(cells.get(key) ?? noCounts(), counts))
      }
  }
  return cells
}

/**
 * Every figure against the entries it is made of, both ways. Figures are no facts and may be made anew (`rebuild`),
 * but they are what is published: whoever betters them should be found.
 */
export const statisticsCheck: RowCheck = {
  name: 'statistic_daily',
  derived: true,
  async run(db, report) {
    const position = await store.followedTo(db, statisticsConsumer.name)
    const { days, cells } = await store.extent(db)
    const rounds = Math.max(1, Math.ceil(cells / CELLS))
    const wrong = (key: string, what: string) => report({ where: `figures ${key}`, what })
    for (let round = 0; round < rounds; round++) {
      const mine = (key: string) => roundOf(key, rounds) === round
      const expected = await expectedCells(db, position, mine)
      for (const day of days)
        for (const { cell, counts } of await store.cellsOf(db, day)) {
          const key = cellKey(cell)
          if (!mine(key)) continue
          const right = expected.get(key) ?? noCounts()
          const name = COUNTS.find((count) => counts[count] !== right[count])
          if (name) wrong(key, `${name} is ${counts[name]}, the journal has ${right[name]}: it was changed`)
          expected.delete(key)
        }
      for (const key of expected.keys()) wrong(key, 'are in the journal but their row was deleted')
    }
    return cells
  },
}
