/** A source of randomness that gives the same sequence for the same seed (mulberry32). */
export function makeRandom(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)]
    if (found === undefined) throw new RangeError('nothing to pick from')
    return found
  }
  return {
    /** from 0 to 1 */
    next,
    below,
    between: (from: number, to: number) => from + next() * (to - from),
    chance: (probability: number) => next() < probability,
    pick,
    /** One of pairs [weight, value], by weight. */
    weighted<T>(pairs: readonly (readonly [number, T])[]): T {
      let left = next() * pairs.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of pairs) {
        left -= weight
        if (left < 0) return value
      }
      return pairs.at(-1)![1]
    },
    /** A UUID of the sequence; unique within it, not secret. */
    uuid(): string {
      const hex = Array.from({ length: 4 }, () =>
        below(2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      ).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
    },
    /** A source of its own for one thing, so that what happens to it does not disturb the others. */
    fork: (mark: number) => makeRandom((seed ^ Math.imul(mark + 1, 0x9e3779b1)) >>> 0),
  }
}
export type Random = ReturnType<typeof makeRandom>
