import { crc32, deflateSync } from 'node:zlib'

const SIZE = 32

const chunk = (type: string, content: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(content.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A piece of evidence to look at: a small PNG whose colours follow from what it belongs to. */
export function evidenceFile(evaluationId: string): { name: string; content: Buffer } {
  const shade = Buffer.from(evaluationId.replaceAll('-', ''), 'hex')
  const header = Buffer.alloc(13)
  header.writeUInt32BE(SIZE, 0)
  header.writeUInt32BE(SIZE, 4)
  header.set([8, 2], 8)
  const rows = Buffer.concat(
    Array.from({ length: SIZE }, (_, y) =>
      Buffer.from([0, ...Array.from({ length: SIZE * 3 }, (_, x) => shade[(x + (y >> 2)) % 16]! | 0x80)]),
    ),
  )
  return {
    name: '整改佐证（示例）.png',
    content: Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows)),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  }
}
