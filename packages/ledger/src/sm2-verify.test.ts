import { createPrivateKey, createPublicKey, createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { sm2 } from 'sm-crypto'
import { describe, expect, it } from 'vitest'
import { sm2UserDigest, sm2VerifySignature } from './sm2-verify.ts'

const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const text = (message: string) => new TextEncoder().encode(message)
/** An integer as DER has it: minimal, with a zero before a high bit. */
function integer(hex: string): string {
  const bare = hex.replace(/^(00)+(?=..)/, '')
  const body = Number.parseInt(bare.slice(0, 2), 16) >= 0x80 ? `00${bare}` : bare
  return `02${(body.length / 2).toString(16).padStart(2, '0')}${body}`
}
const der = (r: string, s: string) => {
  const body = integer(r) + integer(s)
  return bytes(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`)
}

// GB/T 32918.5-2017, Annex A.2: the digital signature example over the recommended curve.
const EXAMPLE = {
  d: '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8',
  publicKey:
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
    'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  message: text('message digest'),
  z: 'b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3',
  r: 'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
  s: 'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
}

describe('the example of GB/T 32918.5', () => {
  it('has this digest Z of the signer, under the default user id', () => {
    expect(Buffer.from(sm2UserDigest(EXAMPLE.publicKey)).toString('hex')).toBe(EXAMPLE.z)
    expect(sm2.getPublicKeyFromPrivateKey(EXAMPLE.d)).toBe(EXAMPLE.publicKey)
  })
  it('is valid', () => {
    expect(sm2VerifySignature(EXAMPLE.publicKey, EXAMPLE.message, der(EXAMPLE.r, EXAMPLE.s))).toBe(true)
    expect(
      sm2VerifySignature(EXAMPLE.publicKey.toUpperCase(), EXAMPLE.message, der(EXAMPLE.r, EXAMPLE.s)),
    ).toBe(true)
  })
  it('is not valid under another user id', () => {
    const signature = der(EXAMPLE.r, EXAMPLE.s)
    expect(sm2VerifySignature(EXAMPLE.publicKey, EXAMPLE.message, signature, 'ALICE123@YAHOO.COM')).toBe(
      false,
    )
  })
  it('is not valid for another message, nor with a bit of signature or key turned over', {
    timeout: 60_000,
  }, () => {
    const signature = der(EXAMPLE.r, EXAMPLE.s)
    expect(sm2VerifySignature(EXAMPLE.publicKey, text('message digesu'), signature)).toBe(false)
    const key = bytes(EXAMPLE.publicKey)
    const flip = (of: Uint8Array, bit: number) =>
      of.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    for (let bit = 0; bit < signature.length * 8; bit += bit < 40 ? 1 : 7)
      expect(sm2VerifySignature(EXAMPLE.publicKey, EXAMPLE.message, flip(signature, bit)), `bit ${bit}`).toBe(
        false,
      )
    for (let bit = 0; bit < key.length * 8; bit += 5)
      expect(
        sm2VerifySignature(Buffer.from(flip(key, bit)).toString('hex'), EXAMPLE.message, signature),
      ).toBe(false)
  })
})

describe('signatures of others', () => {
  it('made by OpenSSL (key from PEM, Z hashed in front) are valid', () => {
    for (let i = 0; i < 10; i++) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' })
      const key = createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
      const point = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-65).toString('hex')
      const message = text(`第 ${i} 次评价`)
      const signature = createSign('sm3').update(sm2UserDigest(point)).update(message).sign(key)
      expect(sm2VerifySignature(point, message, signature)).toBe(true)
      expect(sm2VerifySignature(point, text('别的'), signature)).toBe(false)
    }
  })

  it('made by sm-crypto are valid, under whatever user id', () => {
    const { privateKey, publicKey } = sm2.generateKeyPairHex()
    for (const userId of ['1234567812345678', '', 'ALICE123@YAHOO.COM', '长春']) {
      const message = text('一件差评')
      const made = sm2.doSignature([...message], privateKey, { der: true, hash: true, publicKey, userId })
      expect(sm2VerifySignature(publicKey, message, bytes(made), userId), userId).toBe(true)
      expect(sm2VerifySignature(publicKey, message, bytes(made), `${userId}x`)).toBe(false)
    }
  })
})

describe('what is no signature', () => {
  const check = (signature: Uint8Array, key = EXAMPLE.publicKey) =>
    sm2VerifySignature(key, EXAMPLE.message, signature)
  const plus = (hex: string, n: bigint) => (BigInt(`0x${hex}`) + n).toString(16).padStart(66, '0')

  it('is not valid: r or s of 0, of the order, or beyond it', () => {
    const zero = '00'
    const order = N.toString(16)
    for (const [r, s] of [
      [zero, EXAMPLE.s],
      [EXAMPLE.r, zero],
      [order, EXAMPLE.s],
      [EXAMPLE.r, order],
      [EXAMPLE.r, (N - BigInt(`0x${EXAMPLE.r}`)).toString(16).padStart(64, '0')],
    ] as const)
      expect(check(der(r, s))).toBe(false)
    expect(check(der(plus(EXAMPLE.r, N), EXAMPLE.s))).toBe(false)
    expect(check(der(EXAMPLE.r, plus(EXAMPLE.s, N)))).toBe(false)
  })

  it('is not valid: a second spelling of a valid one (DER has one)', () => {
    const valid = Buffer.from(der(EXAMPLE.r, EXAMPLE.s)).toString('hex')
    const spelled = (r: string, s: string) => {
      const body = r + s
      return bytes(`30${(body.length / 2).toString(16).padStart(2, '0')}${body}`)
    }
    const [r, s] = [integer(EXAMPLE.r), integer(EXAMPLE.s)]
    expect(check(spelled(r, s))).toBe(true)
    expect(check(spelled(`0220${EXAMPLE.r}`, s)), 'a negative r').toBe(false)
    expect(check(spelled(r, `0220${EXAMPLE.s}`)), 'a negative s').toBe(false)
    expect(check(spelled(`022200${r.slice(4)}`, s)), 'zeros in front').toBe(false)
    expect(check(bytes(`${valid}00`)), 'a byte behind').toBe(false)
    expect(check(bytes(`3081${valid.slice(2)}`)), 'a long length').toBe(false)
    const short = der('01', EXAMPLE.s)
    expect(check(short)).toBe(false)
  })

  it('agrees with OpenSSL about signatures and keys that were damaged anywhere', { timeout: 60_000 }, () => {
    const spki = generateKeyPairSync('ec', { namedCurve: 'SM2' })
      .publicKey.export({ type: 'spki', format: 'der' })
      .subarray(0, -65)
    const opensslSays = (signature: Uint8Array) => {
      const key = createPublicKey({
        key: Buffer.concat([spki, bytes(EXAMPLE.publicKey)]),
        format: 'der',
        type: 'spki',
      })
      return createVerify('sm3')
        .update(sm2UserDigest(EXAMPLE.publicKey))
        .update(EXAMPLE.message)
        .verify(createPublicKey(key.export({ type: 'spki', format: 'pem' })), signature)
    }
    const valid = der(EXAMPLE.r, EXAMPLE.s)
    expect(opensslSays(valid)).toBe(true)
    fc.assert(
      fc.property(
        fc.nat(valid.length),
        fc.nat(3),
        fc.uint8Array({ maxLength: 3 }),
        (at, removed, inserted) => {
          const damaged = Uint8Array.from([
            ...valid.subarray(0, at),
            ...inserted,
            ...valid.subarray(at + removed),
          ])
          expect(check(damaged)).toBe(opensslSays(damaged))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('never throws: bytes that are no signature and keys that are no point are not valid', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (any) => {
        expect(check(any)).toBe(false)
        expect(check(der(EXAMPLE.r, EXAMPLE.s), Buffer.from(any).toString('hex'))).toBe(false)
      }),
    )
    for (const key of [
      '',
      '04',
      'zz',
      `04${'00'.repeat(64)}`,
      `04${'ff'.repeat(64)}`,
      `02${'11'.repeat(32)}`,
    ])
      expect(check(der(EXAMPLE.r, EXAMPLE.s), key)).toBe(false)
  })
})
