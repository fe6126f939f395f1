import { expect, it } from 'vitest'
import { freshBytes } from './random.ts'

it('no byte of a sheet is handed out twice, whatever sizes are asked for', () => {
  const places = new Map<ArrayBufferLike, [from: number, to: number][]>()
  const held: Buffer[] = []
  for (let i = 0; i < 3000; i++) {
    const size = [16, 32, 1, 500, 4096, 5000][i % 6]!
    const bytes = freshBytes(size)
    expect(bytes).toHaveLength(size)
    held.push(bytes)
    const place = places.get(bytes.buffer) ?? []
    places.set(bytes.buffer, [...place, [bytes.byteOffset, bytes.byteOffset + size]])
  }
  for (const place of places.values()) {
    place.sort(([a], [b]) => a - b)
    for (const [i, [from]] of place.entries()) expect(from).toBeGreaterThanOrEqual(place[i - 1]?.[1] ?? 0)
  }
  const long = held.filter((bytes) => bytes.length >= 16).map((bytes) => bytes.toString('hex'))
  expect(new Set(long).size).toBe(long.length)
})
