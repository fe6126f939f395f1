import { concat, sameBytes } from './hash.ts'
import { sm3 } from './sm3.ts'

// The curve of GB/T 32918.5-2017. Only public data passes through here, so running time may depend on it.
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const A = P - 3n
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n
const GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n
const DEFAULT_USER_ID = '1234567812345678'

type Point = { x: bigint; y: bigint } | null

const mod = (a: bigint, m: bigint) => ((a % m) + m) % m

function inverse(a: bigint, m: bigint): bigint {
  let [r0, r1, s0, s1] = [mod(a, m), m, 1n, 0n]
  while (r1 !== 0n) {
    const q = r0 / r1
    ;[r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1]
  }
  return mod(s0, m)
}

function add(a: Point, b: Point): Point {
  if (!a) return b
  if (!b) return a
  if (a.x === b.x && mod(a.y + b.y, P) === 0n) return null
  const slope =
    a.x === b.x
      ? mod((3n * a.x * a.x + A) * inverse(2n * a.y, P), P)
      : mod((b.y - a.y) * inverse(b.x - a.x, P), P)
  const x = mod(slope * slope - a.x - b.x, P)
  return { x, y: mod(slope * (a.x - x) - a.y, P) }
}

function multiply(point: Point, times: bigint): Point {
  let sum: Point = null
  let step = point
  for (let k = times; k > 0n; k >>= 1n) {
    if (k & 1n) sum = add(sum, step)
    step = add(step, step)
  }
  return sum
}

const toBigInt = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('') || '0'}`)

function toBytes(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(64, '0')
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}

/** Reads an uncompressed public key (hex, 04 || x || y); null when it is not a point of the curve. */
function readPoint(hex: string): Point {
  if (!/^04[0-9a-f]{128}$/i.test(hex)) return null
  const point = { x: BigInt(`0x${hex.slice(2, 66)}`), y: BigInt(`0x${hex.slice(66)}`) }
  const onCurve = point.x < P && point.y < P && mod(point.y ** 2n - point.x ** 3n - A * point.x - B, P) === 0n
  return onCurve ? point : null
}

/** Reads r and s of a DER signature; null when it is not one, or not in DER's one spelling. */
function readSignature(der: Uint8Array): [bigint, bigint] | null {
  const readInteger = (at: number): [Uint8Array, number] | null => {
    const length = der[at + 1] ?? 0
    const end = at + 2 + length
    if (der[at] !== 2 || length === 0 || length > 33 || end > der.length) return null
    const [first = 0, second = 0] = der.subarray(at + 2, end)
    const minimal = first < 0x80 && (first !== 0 || length === 1 || second >= 0x80)
    return minimal ? [der.subarray(at + 2, end), end] : null
  }
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null
  const r = readInteger(2)
  const s = r && readInteger(r[1])
  return r && s && s[1] === der.length ? [toBigInt(r[0]), toBigInt(s[0])] : null
}

/**
 * The digest Z of the signer (GB/T 32918.2 §5.5): user id, curve and public key.
 *
 * @param publicKeyHex uncompressed point, 04 || x || y
 */
export function sm2UserDigest(publicKeyHex: string, userId: string = DEFAULT_USER_ID): Uint8Array {
  const id = new TextEncoder().encode(userId)
  const bits = id.length * 8
  const key = Uint8Array.from({ length: 64 }, (_, i) =>
    Number.parseInt(publicKeyHex.slice(2 + 2 * i, 4 + 2 * i), 16),
  )
  return sm3(concat(Uint8Array.of(bits >> 8, bits & 255), id, ...[A, B, GX, GY].map(toBytes), key))
}

/**
 * Checks an SM2 signature (GB/T 32918.2 §7) in plain TypeScript, for the browser. Never throws: what cannot be read
 * is not valid.
 *
 * @param publicKeyHex uncompressed point, 04 || x || y
 * @param message the bytes that were signed
 * @param signature DER, SEQUENCE of r and s
 */
export function sm2VerifySignature(
  publicKeyHex: string,
  message: Uint8Array,
  signature: Uint8Array,
  userId?: string,
): boolean {
  const key = readPoint(publicKeyHex)
  const rs = readSignature(signature)
  if (!key || !rs) return false
  const [r, s] = rs
  if (r < 1n || r >= N || s < 1n || s >= N) return false
  const t = mod(r + s, N)
  if (t === 0n) return false
  const e = toBigInt(sm3(concat(sm2UserDigest(publicKeyHex, userId), message)))
  const point = add(multiply({ x: GX, y: GY }, s), multiply(key, t))
  return point !== null && sameBytes(toBytes(mod(e + point.x, N)), toBytes(r))
}
