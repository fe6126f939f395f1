import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { sm2UserDigest } from '@haochaping/ledger'
import { sm3 } from './sm.ts'

/** Signs with an SM2 key. */
export interface Sm2Signer {
  /** uncompressed point, 04 || x || y, hex */
  publicKeyHex: string
  /** first 16 hex digits of the SM3 of the public key */
  keyId: string
  /** DER signature with the default user id (GB/T 32918.2) */
  sign(message: Uint8Array): Buffer
}

/** Makes an SM2 key pair as PEM (PKCS#8, SPKI). */
export function generateSm2KeyPair(): { privatePem: string; publicPem: string } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  return {
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

/** SPKI header of the curve, taken from the library itself, so that a bare point can be made into a key. */
const spkiHead = (() => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(0, -65)
})()

/** The uncompressed point of a public key: its SPKI ends with it. @throws Error when it is not on the SM2 curve */
function pointOf(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' })
  if (!spki.subarray(0, -65).equals(spkiHead)) throw new Error('not an SM2 key')
  return spki.subarray(-65).toString('hex')
}

/**
 * Opens a private key for signing. The key must come from PEM: a key object fresh from the generator signs plain
 * ECDSA. The library does not apply the user id, so its digest Z is hashed in front of the message here.
 *
 * @throws Error when it is not a private key of the SM2 curve
 */
export function loadSm2Signer(privatePem: string): Sm2Signer {
  const key = createPrivateKey(privatePem)
  const publicKeyHex = pointOf(createPublicKey(key))
  const z = sm2UserDigest(publicKeyHex)
  return {
    publicKeyHex,
    keyId: sm3(Buffer.from(publicKeyHex, 'hex')).toString('hex').slice(0, 16),
    sign: (message) => createSign('sm3').update(z).update(message).sign(key),
  }
}

/** Checks a DER signature by a public key given as an uncompressed point (hex). False for whatever cannot be read. */
export function sm2Verify(publicKeyHex: string, message: Uint8Array, signature: Uint8Array): boolean {
  if (!/^04[0-9a-f]{128}$/i.test(publicKeyHex)) return false
  try {
    const spki = Buffer.concat([spkiHead, Buffer.from(publicKeyHex, 'hex')])
    const key = createPublicKey(
      createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }),
    )
    return createVerify('sm3').update(sm2UserDigest(publicKeyHex)).update(message).verify(key, signature)
  } catch {
    return false
  }
}
