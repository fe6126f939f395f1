/** A part of a zip, as its directory has it. */
export interface ZipPart {
  name: string
  packed: number
  unpacked: number
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const ZIP64_LOCATOR = 0x07064b50
const END_SIZE = 22
const LONGEST_COMMENT = 65_535

/** Where the directory's end begins: its comment reaches just to the end of the file. */
function endOfDirectory(content: Buffer): number | null {
  const first = Math.max(0, content.length - END_SIZE - LONGEST_COMMENT)
  for (let at = content.length - END_SIZE; at >= first; at--)
    if (content.readUInt32LE(at) === END && at + END_SIZE + content.readUInt16LE(at + 20) === content.length)
      return at
  return null
}

/**
 * The parts of a zip by its directory; null when the file does not end as a zip does, or the directory is broken.
 * A zip may stand behind anything else, so this also tells of one that hides behind a picture.
 */
export function zipParts(content: Buffer): ZipPart[] | null {
  const end = endOfDirectory(content)
  if (end === null) return null
  if (end >= 20 && content.readUInt32LE(end - 20) === ZIP64_LOCATOR) return null
  const count = content.readUInt16LE(end + 10)
  // From the end backwards, since what stands before the zip moves the offsets that are written in it.
  let at = end - content.readUInt32LE(end + 12)
  const parts: ZipPart[] = []
  for (let i = 0; i < count; i++) {
    if (at < 0 || at + 46 > end || content.readUInt32LE(at) !== CENTRAL) return null
    const length = content.readUInt16LE(at + 28)
    parts.push({
      name: content.toString('utf8', at + 46, at + 46 + length),
      packed: content.readUInt32LE(at + 20),
      unpacked: content.readUInt32LE(at + 24),
    })
    at += 46 + length + content.readUInt16LE(at + 30) + content.readUInt16LE(at + 32)
  }
  return parts
}

const MOST_PARTS = 5_000
const MOST_UNPACKED = 200 * 1024 * 1024
const MOST_RATIO = 100
/** Small parts of blanks pack better than any ratio; they do no harm. */
const HARMLESS = 1024 * 1024

/** Whether whoever opens the zip would be drowned by it. */
export const isBomb = (parts: ZipPart[]): boolean =>
  parts.length > MOST_PARTS ||
  parts.reduce((sum, part) => sum + part.unpacked, 0) > MOST_UNPACKED ||
  parts.some(({ packed, unpacked }) => unpacked > HARMLESS && unpacked > packed * MOST_RATIO)
