const IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]

const rotl = (x: number, n: number) => (x << (n % 32)) | (x >>> (32 - (n % 32)))
const p0 = (x: number) => x ^ rotl(x, 9) ^ rotl(x, 17)
const p1 = (x: number) => x ^ rotl(x, 15) ^ rotl(x, 23)

function compress(v: number[], block: DataView, offset: number): void {
  const w: number[] = []
  for (let j = 0; j < 16; j++) w.push(block.getUint32(offset + 4 * j))
  for (let j = 16; j < 68; j++)
    w.push(p1(w[j - 16]! ^ w[j - 9]! ^ rotl(w[j - 3]!, 15)) ^ rotl(w[j - 13]!, 7) ^ w[j - 6]!)
  let [a, b, c, d, e, f, g, h] = v as [number, number, number, number, number, number, number, number]
  for (let j = 0; j < 64; j++) {
    const t = j < 16 ? 0x79cc4519 : 0x7a879d8a
    const ss1 = rotl((rotl(a, 12) + e + rotl(t, j)) | 0, 7)
    const ss2 = ss1 ^ rotl(a, 12)
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + ss2 + (w[j]! ^ w[j + 4]!)) | 0
    const tt2 = (gg + h + ss1 + w[j]!) | 0
    d = c
    c = rotl(b, 9)
    b = a
    a = tt1
    h = g
    g = rotl(f, 19)
    f = e
    e = p0(tt2)
  }
  const mixed = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) v[i] = v[i]! ^ mixed[i]!
}

/**
 * SM3 (GB/T 32905-2016) in plain TypeScript, for the browser; servers use their native one.
 *
 * @param data any bytes
 * @returns the 32-byte digest
 * @example sm3(new TextEncoder().encode('abc')) // 66c7f0f4 62eeedd9 …
 */
export function sm3(data: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((data.length + 8) >> 6) + 1) << 6)
  padded.set(data)
  padded[data.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x20000000))
  view.setUint32(padded.length - 4, (data.length << 3) >>> 0)
  const v = [...IV]
  for (let offset = 0; offset < padded.length; offset += 64) compress(v, view, offset)
  const digest = new Uint8Array(32)
  const out = new DataView(digest.buffer)
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, v[i]! >>> 0)
  return digest
}
