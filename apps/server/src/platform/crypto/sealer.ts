import { freshBytes } from './random.ts'
import {
  DOUBLE_KEY,
  hmacSm3,
  lengthPrefixed,
  openBytes,
  SealError,
  sealBytes,
  sealingKey,
  sm3,
} from './sm.ts'

/** Key-encryption keys by id (the current one wraps), and the key of the look-up index. Each 32 bytes. */
export interface Keyring {
  currentKekId: string
  keks: ReadonlyMap<string, Buffer>
  indexKey: Buffer
}

/** Fields sealed under a data key of their own, which is wrapped by a key-encryption key. */
export interface SealedFields {
  kekId: string
  wrappedKey: Buffer
  fields: Record<string, Buffer>
}

const wrapContext = (ownerId: string) => lengthPrefixed('data-key', ownerId)
const fieldContext = (ownerId: string, name: string) => lengthPrefixed('field', ownerId, name)

function kek(keyring: Keyring, id: string): Buffer {
  const key = keyring.keks.get(id)
  if (!key) throw new SealError(`no key-encryption key ${id}`)
  return key
}

/** Seals fields of one owner; a field cannot be moved to another owner or name without being noticed. */
export function sealFields(keyring: Keyring, ownerId: string, fields: Record<string, string>): SealedFields {
  const dataKey = freshBytes(DOUBLE_KEY)
  const key = sealingKey(dataKey)
  return {
    kekId: keyring.currentKekId,
    wrappedKey: sealBytes(kek(keyring, keyring.currentKekId), dataKey, wrapContext(ownerId)),
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        sealBytes(key, Buffer.from(value, 'utf8'), fieldContext(ownerId, name)),
      ]),
    ),
  }
}

/**
 * Opens sealed fields.
 * @throws SealError when anything does not fit
 */
export function openFields(keyring: Keyring, ownerId: string, sealed: SealedFields): Record<string, string> {
  const key = sealingKey(openBytes(kek(keyring, sealed.kekId), sealed.wrappedKey, wrapContext(ownerId)))
  return Object.fromEntries(
    Object.entries(sealed.fields).map(([name, value]) => [
      name,
      openBytes(key, value, fieldContext(ownerId, name)).toString('utf8'),
    ]),
  )
}

/** Wraps a row's data key under the current key-encryption key; the fields stay as they are. */
export function rewrap(keyring: Keyring, ownerId: string, sealed: SealedFields): SealedFields {
  const dataKey = openBytes(kek(keyring, sealed.kekId), sealed.wrappedKey, wrapContext(ownerId))
  return {
    ...sealed,
    kekId: keyring.currentKekId,
    wrappedKey: sealBytes(kek(keyring, keyring.currentKekId), dataKey, wrapContext(ownerId)),
  }
}

/** A keyed SM3 index: equal values meet, and without the key nothing can be looked up. */
export const blindIndex = (indexKey: Uint8Array, kind: string, value: string): Buffer =>
  hmacSm3(indexKey, lengthPrefixed(kind, value))

/** A salted SM3 commitment: tells nothing, and nothing else opens it. */
export const commitment = (salt: Uint8Array, value: Uint8Array): Buffer =>
  sm3(lengthPrefixed('commitment', salt, value))
