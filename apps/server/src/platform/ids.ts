import { randomUUID } from 'node:crypto'
import { hmacSm3, lengthPrefixed } from './crypto/sm.ts'

/** Sets version 8 (custom) and the RFC 9562 variant on 16 bytes and spells them as a UUID. */
function asUuid(bytes: Buffer): string {
  const b = Buffer.from(bytes.subarray(0, 16))
  b[6] = (b[6]! & 0x0f) | 0x80
  b[8] = (b[8]! & 0x3f) | 0x80
  const h = b.toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}

/** A UUID that follows from its parts and a key: the same parts always give the same id, others cannot guess it. */
export const derivedUuid = (key: Buffer, ...parts: string[]) => asUuid(hmacSm3(key, lengthPrefixed(...parts)))

/** A random UUID (version 4). */
export const randomId = () => randomUUID()

/** 16 bytes of a UUID, and back. */
export const uuidBytes = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex')
export const uuidFromBytes = (b: Buffer) => {
  const h = b.toString('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}
