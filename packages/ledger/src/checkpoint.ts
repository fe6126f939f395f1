/** What a checkpoint says: so many entries, this root, at this time, in this log. */
export interface Checkpoint {
  /** names the log, one line */
  origin: string
  size: number
  root: Uint8Array
  /** ISO 8601 */
  timestamp: string
}

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))
/** Bytes from base64. @throws TypeError when it is not base64 */
export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    throw new TypeError('not base64')
  }
}

/**
 * The text that is signed: four lines, each ended by a line feed. Its UTF-8 bytes are the message of the signature.
 * @throws TypeError when origin or timestamp are empty or hold a line feed, or the size is no whole number
 */
export function formatCheckpoint(c: Checkpoint): string {
  if (!/^[^\r\n]+$/.test(c.origin) || !/^[^\r\n]+$/.test(c.timestamp))
    throw new TypeError('a checkpoint line may not be empty or hold a line feed')
  if (!Number.isSafeInteger(c.size) || c.size < 0) throw new TypeError('a size is a whole number')
  return `${c.origin}\n${c.size}\n${toBase64(c.root)}\n${c.timestamp}\n`
}

/**
 * Reads a checkpoint's text; accepts exactly what `formatCheckpoint` writes.
 * @throws TypeError when it is anything else
 */
export function parseCheckpoint(body: string): Checkpoint {
  const lines = body.split('\n')
  const [origin, size, root, timestamp] = lines
  if (lines.length !== 5 || !origin || !size || !root || !timestamp || !/^(0|[1-9]\d{0,15})$/.test(size))
    throw new TypeError('not a checkpoint')
  const checkpoint = { origin, size: Number(size), root: fromBase64(root), timestamp }
  if (formatCheckpoint(checkpoint) !== body) throw new TypeError('not a checkpoint in its one spelling')
  return checkpoint
}
