import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { sm2UserDigest, sm2VerifySignature } from '@haochaping/ledger'
import fc from 'fast-check'
import { sm2 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { generateSm2KeyPair, loadSm2Signer, sm2Verify } from './sm2.ts'

const signer = loadSm2Signer(generateSm2KeyPair().privatePem)
const DEFAULT_USER = { der: true, hash: true, userId: '1234567812345678' }
const message = fc.uint8Array({ maxLength: 300 })

// GB/T 32918.5-2017, Annex A.2.
const EXAMPLE = {
  d: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  publicKey:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  signature:
    '3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
    '022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
}

describe('a signature made here', () => {
  it('is valid here, in the browser’s verification, and for a second implementation', () => {
    fc.assert(
      fc.property(message, (m) => {
        const signature = signer.sign(m)
        expect(sm2Verify(signer.publicKeyHex, m, signature)).toBe(true)
        expect(sm2VerifySignature(signer.publicKeyHex, m, signature)).toBe(true)
        expect(
          sm2.doVerifySignature([...m], signature.toString('hex'), signer.publicKeyHex, DEFAULT_USER),
        ).toBe(true)
      }),
      { numRuns: 15 },
    )
  })

  it('is not valid for another message or another key', () => {
    const other = loadSm2Signer(generateSm2KeyPair().privatePem)
    const signature = signer.sign(Buffer.from('a'))
    expect(sm2Verify(signer.publicKeyHex, Buffer.from('b'), signature)).toBe(false)
    expect(sm2Verify(other.publicKeyHex, Buffer.from('a'), signature)).toBe(false)
  })

  it('holds the digest Z of the default user: without it, or under another, it is not valid', () => {
    const m = Buffer.from('a')
    const signature = signer.sign(m).toString('hex')
    const check = (more: object) =>
      sm2.doVerifySignature([...m], signature, signer.publicKeyHex, { ...DEFAULT_USER, ...more })
    expect(check({})).toBe(true)
    expect(check({ userId: '8765432187654321' })).toBe(false)
    expect(check({ hash: false })).toBe(false)
  })
})

describe('a signature made by a second implementation', () => {
  it('is valid here', () => {
    fc.assert(
      fc.property(message, (m) => {
        const { privateKey, publicKey } = sm2.generateKeyPairHex()
        const signature = Buffer.from(
          sm2.doSignature([...m], privateKey, { ...DEFAULT_USER, publicKey }),
          'hex',
        )
        expect(sm2Verify(publicKey, m, signature)).toBe(true)
        expect(sm2Verify(publicKey, Buffer.concat([m, Buffer.of(0)]), signature)).toBe(false)
      }),
      { numRuns: 15 },
    )
  })

  it('as GB/T 32918.5 prints it is valid here', () => {
    const given = Buffer.from('message digest')
    expect(sm2Verify(EXAMPLE.publicKey, given, Buffer.from(EXAMPLE.signature, 'hex'))).toBe(true)
  })
})

describe('a signing key', () => {
  it('of the standard’s example has the public key of the example', () => {
    // PKCS#8 of an SM2 key: version, algorithm (id-ecPublicKey, sm2p256v1), the key with its public point.
    const der =
      `308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420${EXAMPLE.d}` +
      `a144034200${EXAMPLE.publicKey}`
    const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der, 'hex').toString('base64')}\n-----END PRIVATE KEY-----\n`
    const loaded = loadSm2Signer(pem)
    expect(loaded.publicKeyHex).toBe(EXAMPLE.publicKey)
    expect(Buffer.from(sm2UserDigest(loaded.publicKeyHex)).toString('hex')).toMatch(/^b2e14c5c/)
    const signature = loaded.sign(Buffer.from('message digest'))
    expect(sm2Verify(EXAMPLE.publicKey, Buffer.from('message digest'), signature)).toBe(true)
  })

  it('names itself by the digest of its public key, the same each time it is loaded', () => {
    const { privatePem } = generateSm2KeyPair()
    const [a, b] = [loadSm2Signer(privatePem), loadSm2Signer(privatePem)]
    expect(a.keyId).toMatch(/^[0-9a-f]{16}$/)
    expect([a.keyId, a.publicKeyHex]).toEqual([b.keyId, b.publicKeyHex])
    expect(a.keyId).not.toBe(signer.keyId)
  })

  it('of another curve is refused: it would sign, but nobody could verify', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(() => loadSm2Signer(pem)).toThrow('SM2')
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    expect(() => loadSm2Signer(rsa.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow('SM2')
  })

  it('comes from the generator as PEM that can be read again', () => {
    const { privatePem, publicPem } = generateSm2KeyPair()
    expect(createPrivateKey(privatePem).type).toBe('private')
    expect(createPublicKey(publicPem).type).toBe('public')
  })
})

it('what cannot be read is not valid, and never throws', () => {
  const m = Buffer.from('a')
  const good = signer.sign(m)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (any) => {
      expect(sm2Verify(signer.publicKeyHex, m, any)).toBe(false)
      expect(sm2Verify(Buffer.from(any).toString('hex'), m, good)).toBe(false)
    }),
  )
  for (const key of [
    '',
    'zz',
    `04${'00'.repeat(64)}`,
    signer.publicKeyHex.slice(0, -2),
    `${signer.publicKeyHex}00`,
  ])
    expect(sm2Verify(key, m, good)).toBe(false)
})
