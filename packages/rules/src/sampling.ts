/** Makes 64 hexadecimal digits (or any fixed number) of a text: SM3 in this house. */
export type TextDigest = (text: string) => string

/** Ids in the one order that everybody gives them: by their characters, each once. */
const ordered = (ids: readonly string[]): string[] => [...new Set(ids)].sort()

/**
 * The digest of a population: of its ids, ordered by their characters, one a line (a line feed between, none at the
 * end). It stands in the journal, so that nobody can say later that it was drawn from another list.
 */
export const populationDigest = (ids: readonly string[], digest: TextDigest): string =>
  digest(ordered(ids).join('\n'))

/** The place of an id in a draw: the digest of seed, line feed, id. Whoever knows seed and id can work it out. */
export const drawRank = (seed: string, id: string, digest: TextDigest): string => digest(`${seed}\n${id}`)

/**
 * Draws a random sample that anybody can draw again (R18, Q58, Q71).
 *
 * Every id gets the digest of seed, line feed and id; the n ids with the smallest digests are drawn, in that order.
 * The same ids and seed give the same sample, in whatever order the ids come and however often they are given; a
 * larger n only adds to it. With `openssl dgst -sm3` and `sort` it can be done by hand.
 *
 * @param n how many are drawn: a whole number from 0; all of them when there are fewer
 * @throws RangeError when n is not such a number
 * @example drawSample(['a', 'b', 'c'], '2026-11-25', 2, sm3Hex) // two of the three
 */
export function drawSample(ids: readonly string[], seed: string, n: number, digest: TextDigest): string[] {
  if (!Number.isInteger(n) || n < 0) throw new RangeError('a sample has a whole number of members, from 0')
  return ordered(ids)
    .map((id) => ({ id, rank: drawRank(seed, id, digest) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.id < b.id ? -1 : 1))
    .slice(0, n)
    .map(({ id }) => id)
}

/**
 * How many are drawn of a population for a share in percent: rounded up, so that a share of something is never
 * nothing.
 *
 * @param percent a whole number, 1 to 100
 */
export const sampleSize = (population: number, percent: number): number =>
  Math.ceil((population * percent) / 100)
