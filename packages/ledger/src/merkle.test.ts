import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { concat, type Hash } from './hash.ts'
import {
  appendNodes,
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  nodesForConsistency,
  nodesForInclusion,
  nodesForRoot,
  rootFrom,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

// A busy machine takes its time; the proofs are many.
vi.setConfig({ testTimeout: 60_000 })

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const native =
  (name: string): Hash =>
  (data) =>
    Uint8Array.from(createHash(name).update(data).digest())
const sha256 = native('sha256')
const sm3 = native('sm3')

/** The definitions of RFC 6962 §2.1 word by word, over lists, with no thought of speed. */
const naive = {
  root(hash: Hash, data: Uint8Array[]): Uint8Array {
    const n = data.length
    if (n === 0) return hash(new Uint8Array())
    if (n === 1) return hash(concat(Uint8Array.of(0), data[0]!))
    const k = naive.k(n)
    return hash(concat(Uint8Array.of(1), naive.root(hash, data.slice(0, k)), naive.root(hash, data.slice(k))))
  },
  k(n: number): number {
    let k = 1
    while (k * 2 < n) k *= 2
    return k
  },
  path(hash: Hash, m: number, data: Uint8Array[]): Uint8Array[] {
    const n = data.length
    if (n === 1) return []
    const k = naive.k(n)
    return m < k
      ? [...naive.path(hash, m, data.slice(0, k)), naive.root(hash, data.slice(k))]
      : [...naive.path(hash, m - k, data.slice(k)), naive.root(hash, data.slice(0, k))]
  },
  proof(hash: Hash, m: number, data: Uint8Array[], whole = true): Uint8Array[] {
    const n = data.length
    if (m === n) return whole ? [] : [naive.root(hash, data)]
    const k = naive.k(n)
    return m <= k
      ? [...naive.proof(hash, m, data.slice(0, k), whole), naive.root(hash, data.slice(k))]
      : [...naive.proof(hash, m - k, data.slice(k), false), naive.root(hash, data.slice(0, k))]
  },
}

/** A log that keeps its nodes as the server does, and counts which of them are read. */
function makeLog(hash: Hash) {
  const nodes = new Map<string, Uint8Array>()
  const read = new Set<string>()
  const get = (level: number, index: number) => {
    read.add(`${level}:${index}`)
    const found = nodes.get(`${level}:${index}`)
    if (!found) throw new Error(`node ${level}:${index} is not stored`)
    return found
  }
  let size = 0
  return {
    get,
    read,
    append(data: Uint8Array) {
      for (const node of appendNodes(hash, size, get, leafHash(hash, data))) {
        const key = `${node.level}:${node.index}`
        if (nodes.has(key)) throw new Error(`node ${key} was made twice`)
        nodes.set(key, node.hash)
      }
      size++
    },
    nodes,
  }
}
const logOf = (hash: Hash, data: Uint8Array[]) => {
  const log = makeLog(hash)
  for (const leaf of data) log.append(leaf)
  return log
}
const keysOf = (wanted: { level: number; index: number }[]) => wanted.map((n) => `${n.level}:${n.index}`)

const MAX = 300
const DATA = Array.from({ length: MAX }, (_, i) => Uint8Array.from(Buffer.from(`entry ${i}`)))

describe.each([
  ['SM3', sm3],
  ['SHA-256', sha256],
])('a log over %s', (_name, hash) => {
  const log = logOf(hash, DATA)
  const roots = Array.from({ length: MAX + 1 }, (_, size) => naive.root(hash, DATA.slice(0, size)))
  const leaves = DATA.map((data) => leafHash(hash, data))

  it(`has the root of the naive tree at every size up to ${MAX}`, () => {
    for (let size = 0; size <= MAX; size++) {
      log.read.clear()
      expect(hex(rootFrom(hash, size, log.get))).toBe(hex(roots[size]!))
      expect([...log.read].sort()).toEqual(keysOf(nodesForRoot(size)).sort())
    }
  })

  it('goes on from the nodes of its root alone', () => {
    for (let size = 0; size < MAX; size++) {
      const kept = new Set(keysOf(nodesForRoot(size)))
      const get = (level: number, index: number) => {
        expect(kept).toContain(`${level}:${index}`)
        return log.get(level, index)
      }
      for (const made of appendNodes(hash, size, get, leaves[size]!))
        expect(hex(made.hash)).toBe(hex(log.get(made.level, made.index)))
    }
  })

  it(`proves each of its leaves at every size up to ${MAX}`, () => {
    for (let size = 1; size <= MAX; size++)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(hash, index, size, log.get)
        if (!verifyInclusion(hash, proof, index, size, leaves[index]!, roots[size]!))
          expect.fail(`leaf ${index} of ${size} is not proven`)
      }
  })

  it('gives the inclusion path of the naive tree, from the nodes it says it needs', () => {
    const sizes = [...Array(34).keys(), 63, 64, 65, 127, 128, 129, 255, 256, 257, 299, 300]
    for (const size of sizes)
      for (let index = 0; index < size; index += size > 70 ? 13 : 1) {
        log.read.clear()
        expect(inclusionProof(hash, index, size, log.get).map(hex)).toEqual(
          naive.path(hash, index, DATA.slice(0, size)).map(hex),
        )
        expect([...log.read].sort()).toEqual([...new Set(keysOf(nodesForInclusion(index, size)))].sort())
      }
  })

  it('proves that each size up to 130 begins with each smaller one, and beyond for a sample', () => {
    const check = (m: number, n: number) => {
      const proof = consistencyProof(hash, m, n, log.get)
      if (!verifyConsistency(hash, proof, m, n, roots[m]!, roots[n]!)) expect.fail(`from ${m} to ${n}`)
    }
    for (let n = 1; n <= 130; n++) for (let m = 1; m <= n; m++) check(m, n)
    for (let n = 131; n <= MAX; n++) for (let m = 1; m <= n; m += 1 + ((m * 7 + n) % 17)) check(m, n)
  })

  it('gives the consistency proof of the naive tree, from the nodes it says it needs', () => {
    for (const n of [1, 2, 3, 5, 8, 13, 31, 32, 33, 100, 128, 129, 255, 300])
      for (let m = 1; m <= n; m += n > 40 ? 11 : 1) {
        log.read.clear()
        expect(consistencyProof(hash, m, n, log.get).map(hex)).toEqual(
          naive.proof(hash, m, DATA.slice(0, n)).map(hex),
        )
        expect([...log.read].sort()).toEqual([...new Set(keysOf(nodesForConsistency(m, n)))].sort())
      }
  })
})

describe('a proof that was tampered with', () => {
  const log = logOf(sm3, DATA)
  const roots = Array.from({ length: MAX + 1 }, (_, size) => rootFrom(sm3, size, log.get))
  const leaves = DATA.map((data) => leafHash(sm3, data))
  const flipped = (hash: Uint8Array, bit: number) =>
    hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))

  it('of inclusion fails for every single bit of every hash, of the leaf and of the root', () => {
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [4, 7],
      [11, 13],
    ] as const) {
      const proof = inclusionProof(sm3, index, size, log.get)
      const check = (p: Uint8Array[], leaf = leaves[index]!, root = roots[size]!) =>
        verifyInclusion(sm3, p, index, size, leaf, root)
      expect(check(proof)).toBe(true)
      for (let bit = 0; bit < 256; bit++) {
        for (const i of proof.keys())
          expect(check(proof.map((h, j) => (i === j ? flipped(h, bit) : h)))).toBe(false)
        expect(check(proof, flipped(leaves[index]!, bit))).toBe(false)
        expect(check(proof, leaves[index], flipped(roots[size]!, bit))).toBe(false)
      }
    }
  })

  it('of consistency fails for every single bit of every hash and of both roots', () => {
    for (const [m, n] of [
      [1, 2],
      [3, 7],
      [4, 7],
      [6, 13],
      [8, 13],
    ] as const) {
      const proof = consistencyProof(sm3, m, n, log.get)
      const check = (p: Uint8Array[], a = roots[m]!, b = roots[n]!) => verifyConsistency(sm3, p, m, n, a, b)
      expect(check(proof)).toBe(true)
      for (let bit = 0; bit < 256; bit++) {
        for (const i of proof.keys())
          expect(check(proof.map((h, j) => (i === j ? flipped(h, bit) : h)))).toBe(false)
        expect(check(proof, flipped(roots[m]!, bit))).toBe(false)
        expect(check(proof, roots[m], flipped(roots[n]!, bit))).toBe(false)
      }
    }
  })

  const place = fc
    .tuple(fc.integer({ min: 1, max: MAX }), fc.nat(), fc.nat(), fc.nat())
    .map(([size, a, b, c]) => [a % size, size, b, c] as const)

  it('of inclusion fails for another leaf, another size, one hash fewer, one more, or two swapped', () => {
    fc.assert(
      fc.property(place, ([index, size, a, b]) => {
        const proof = inclusionProof(sm3, index, size, log.get)
        const check = (p: Uint8Array[], i: number, n: number, leaf = leaves[index]!) =>
          verifyInclusion(sm3, p, i, n, leaf, roots[size]!)
        const other = a % size
        if (other !== index) {
          expect(check(proof, other, size)).toBe(false)
          expect(check(proof, index, size, leaves[other])).toBe(false)
        }
        expect(check([...proof, leaves[other]!], index, size)).toBe(false)
        if (proof.length > 0) {
          const at = b % proof.length
          expect(check(proof.toSpliced(at, 1), index, size)).toBe(false)
          expect(check(proof.toSpliced(at, 0, leaves[other]!), index, size)).toBe(false)
          const [x, y] = [proof[0]!, proof[at]!]
          const swapped = proof.with(0, y).with(at, x)
          if (hex(x) !== hex(y)) expect(check(swapped, index, size)).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('of consistency fails with one hash fewer or one more, or with the root of another size', () => {
    fc.assert(
      fc.property(place, ([smaller, n, a, b]) => {
        const m = Math.max(1, smaller)
        const proof = consistencyProof(sm3, m, n, log.get)
        const check = (p: Uint8Array[], from = m, to = n) =>
          verifyConsistency(sm3, p, from, to, roots[m]!, roots[n]!)
        expect(check([...proof, leaves[a % MAX]!])).toBe(false)
        if (proof.length > 0) expect(check(proof.toSpliced(b % proof.length, 1))).toBe(false)
        const other = 1 + (a % MAX)
        if (other !== m) expect(verifyConsistency(sm3, proof, m, n, roots[other]!, roots[n]!)).toBe(false)
        if (other !== n) expect(verifyConsistency(sm3, proof, m, n, roots[m]!, roots[other]!)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('never throws: numbers that are none, or out of range, are false', () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 5 }), fc.double(), fc.constantFrom(2 ** 53, 1e300))
    const hashes = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 })
    fc.assert(
      fc.property(number, number, hashes, fc.uint8Array(), (a, b, proof, root) => {
        const consistent = verifyConsistency(sm3, proof, a, b, root, root)
        expect(consistent).toBe(a === b && Number.isSafeInteger(a) && a >= 1 && proof.length === 0)
        const included = verifyInclusion(sm3, proof, a, b, root, root)
        expect(included).toBe(a === 0 && b === 1 && proof.length === 0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the limits of a log', () => {
  const never = () => {
    throw new Error('nothing to read')
  }
  it.each([
    [0, 0],
    [-1, 5],
    [5, 5],
    [Number.NaN, 5],
  ])('there is no inclusion proof of leaf %d in %d', (index, size) =>
    expect(() => inclusionProof(sm3, index, size, never)).toThrow(RangeError),
  )
  it.each([
    [0, 5],
    [6, 5],
    [Number.NaN, 5],
  ])('there is no consistency proof from %d to %d', (m, n) =>
    expect(() => consistencyProof(sm3, m, n, never)).toThrow(RangeError),
  )

  it('a leaf is never mistaken for an inner node: their hashes begin with different bytes', () => {
    const [a, b] = [leafHash(sm3, DATA[0]!), leafHash(sm3, DATA[1]!)]
    expect(hex(leafHash(sm3, concat(a, b)))).not.toBe(hex(nodeHash(sm3, a, b)))
  })

  it('sizes that are a power of two but one are told from the power, however large', () => {
    for (let level = 1; level < 53; level++) {
      expect(nodesForRoot(2 ** level)).toEqual([{ level, index: 0 }])
      expect(nodesForRoot(2 ** level - 1).length).toBe(level)
      if (level > 1) expect(nodesForRoot(2 ** level + 1).length).toBe(2)
    }
  })
})
