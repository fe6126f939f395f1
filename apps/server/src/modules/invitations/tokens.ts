import { timingSafeEqual } from 'node:crypto'
import { hmacSm3, lengthPrefixed, sm3 } from '../../platform/crypto/sm.ts'
import { uuidBytes, uuidFromBytes } from '../../platform/ids.ts'

/**
 * A token is the evaluation_id (which finds its shard) and a secret of 128 bits, 43 characters of base64url. The
 * secret follows from a key and what the token is for, so the same question always gets the same answer and only
 * a hash need be stored.
 */
export interface Token {
  evaluationId: string
  secret: Buffer
}

/** The secret of one purpose: HMAC-SM3 cut to 128 bits. */
export const deriveSecret = (key: Buffer, ...purpose: string[]) =>
  hmacSm3(key, lengthPrefixed(...purpose)).subarray(0, 16)

export const formatToken = (token: Token) =>
  Buffer.concat([uuidBytes(token.evaluationId), token.secret]).toString('base64url')

/** Reads a token; null when it is not one (wrong length or alphabet, or not spelled the one canonical way). */
export function parseToken(text: string): Token | null {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== 32 || bytes.toString('base64url') !== text) return null
  return { evaluationId: uuidFromBytes(bytes.subarray(0, 16)), secret: bytes.subarray(16) }
}

/** What is stored of a secret. */
export const hashSecret = (secret: Buffer) => sm3(secret)

export const sameSecret = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b)
