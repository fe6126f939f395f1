import { concat, type Hash, sameBytes } from './hash.ts'

/**
 * The Merkle tree of RFC 6962 §2.1, the hash a parameter. The hash of a complete subtree of 2^level leaves that
 * starts at leaf index·2^level is the node (level, index); level 0 are the leaf hashes.
 */
export interface Node {
  level: number
  index: number
}
/** A node with its hash, to be stored. */
export interface HashedNode extends Node {
  hash: Uint8Array
}
/** Reads the stored hash of a complete subtree. */
export type GetNode = (level: number, index: number) => Uint8Array

const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)

/** MTH of the empty list: the hash of nothing. */
export const emptyRoot = (hash: Hash): Uint8Array => hash(new Uint8Array())
/** The hash of a leaf: H(0x00 || data). */
export const leafHash = (hash: Hash, data: Uint8Array): Uint8Array => hash(concat(LEAF, data))
/** The hash of an inner node: H(0x01 || left || right). */
export const nodeHash = (hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array =>
  hash(concat(INNER, left, right))

/**
 * The nodes that become complete when a leaf is appended to a tree of `size` leaves: the leaf itself first, then
 * every parent it completes.
 *
 * @param size number of leaves before
 * @param get reads nodes that are complete already
 */
export function appendNodes(hash: Hash, size: number, get: GetNode, leaf: Uint8Array): HashedNode[] {
  const made: HashedNode[] = [{ level: 0, index: size, hash: leaf }]
  let index = size
  let node = leaf
  for (let level = 0; index % 2 === 1; level++) {
    node = nodeHash(hash, get(level, index - 1), node)
    index = (index - 1) / 2
    made.push({ level: level + 1, index, hash: node })
  }
  return made
}

/** The largest power of two below n (n ≥ 2), as RFC 6962 calls k. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** The level of a complete subtree of n leaves; null when n is no power of two. Exact for every safe integer. */
function levelOf(n: number): number | null {
  const level = Math.round(Math.log2(n))
  return 2 ** level === n ? level : null
}

/** The complete subtrees a range of leaves [start, end) is made of, when start is a multiple of the range's split. */
function cover(start: number, end: number): Node[] {
  const size = end - start
  if (size === 0) return []
  const level = levelOf(size)
  if (level !== null) return [{ level, index: start / size }]
  const k = split(size)
  return [...cover(start, start + k), ...cover(start + k, end)]
}

/** The hash of a range of leaves from the complete subtrees in it. */
function rangeHash(hash: Hash, start: number, end: number, get: GetNode): Uint8Array {
  const size = end - start
  const level = levelOf(size)
  if (level !== null) return get(level, start / size)
  const k = split(size)
  return nodeHash(hash, rangeHash(hash, start, start + k, get), rangeHash(hash, start + k, end, get))
}

/** Ranges [start, end) whose hashes make up PATH(index, D[size]), lowest first (RFC 6962 §2.1.1). */
function inclusionRanges(index: number, start: number, end: number): [number, number][] {
  if (end - start === 1) return []
  const k = split(end - start)
  return index < start + k
    ? [...inclusionRanges(index, start, start + k), [start + k, end]]
    : [...inclusionRanges(index, start + k, end), [start, start + k]]
}

/** Ranges whose hashes make up PROOF(m, D[n]) (RFC 6962 §2.1.2). */
function consistencyRanges(m: number, start: number, end: number, whole: boolean): [number, number][] {
  const n = end - start
  if (m === n) return whole ? [] : [[start, end]]
  const k = split(n)
  return m <= k
    ? [...consistencyRanges(m, start, start + k, whole), [start + k, end]]
    : [...consistencyRanges(m - k, start + k, end, false), [start, start + k]]
}

/** The nodes that `rootFrom` reads; also all that `appendNodes` needs to go on from there. */
export const nodesForRoot = (size: number): Node[] => cover(0, size)
/** The nodes that `inclusionProof` reads. */
export const nodesForInclusion = (index: number, size: number): Node[] =>
  inclusionRanges(index, 0, size).flatMap(([start, end]) => cover(start, end))
/** The nodes that `consistencyProof` reads. */
export const nodesForConsistency = (m: number, n: number): Node[] =>
  consistencyRanges(m, 0, n, true).flatMap(([start, end]) => cover(start, end))

/** The root of the first `size` leaves. */
export const rootFrom = (hash: Hash, size: number, get: GetNode): Uint8Array =>
  size === 0 ? emptyRoot(hash) : rangeHash(hash, 0, size, get)

/**
 * The proof that leaf `index` is in the tree of `size` leaves.
 * @throws RangeError when there is no such leaf
 */
export function inclusionProof(hash: Hash, index: number, size: number, get: GetNode): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  return inclusionRanges(index, 0, size).map(([start, end]) => rangeHash(hash, start, end, get))
}

/**
 * The proof that the tree of n leaves begins with the tree of m leaves.
 * @throws RangeError unless 1 ≤ m ≤ n
 */
export function consistencyProof(hash: Hash, m: number, n: number, get: GetNode): Uint8Array[] {
  if (!(m >= 1 && m <= n)) throw new RangeError(`no consistency proof from ${m} to ${n}`)
  return consistencyRanges(m, 0, n, true).map(([start, end]) => rangeHash(hash, start, end, get))
}

/** Checks an inclusion proof (RFC 9162 §2.1.3.2). Never throws: a proof of the wrong shape is false. */
export function verifyInclusion(
  hash: Hash,
  proof: Uint8Array[],
  index: number,
  size: number,
  leaf: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false
  let fn = index
  let sn = size - 1
  let r = leaf
  for (const p of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(hash, p, r)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else r = nodeHash(hash, r, p)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && sameBytes(r, root)
}

/** Checks a consistency proof (RFC 9162 §2.1.4.2). Never throws: a proof of the wrong shape is false. */
export function verifyConsistency(
  hash: Hash,
  proof: Uint8Array[],
  m: number,
  n: number,
  rootM: Uint8Array,
  rootN: Uint8Array,
): boolean {
  if (!(Number.isSafeInteger(m) && Number.isSafeInteger(n) && m >= 1 && m <= n)) return false
  if (m === n) return proof.length === 0 && sameBytes(rootM, rootN)
  const path = levelOf(m) !== null ? [rootM, ...proof] : [...proof]
  const first = path.shift()
  if (first === undefined) return false
  let fn = m - 1
  let sn = n - 1
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  let fr = first
  let sr = first
  for (const c of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(hash, c, fr)
      sr = nodeHash(hash, c, sr)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else sr = nodeHash(hash, sr, c)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && sameBytes(fr, rootM) && sameBytes(sr, rootN)
}
