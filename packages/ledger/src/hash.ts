/** A hash function: bytes in, digest out. The log's rules are the same for every one of them. */
export type Hash = (data: Uint8Array) => Uint8Array

/** Joins byte strings. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** True when two byte strings are the same. Not for secrets: it stops at the first difference. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
