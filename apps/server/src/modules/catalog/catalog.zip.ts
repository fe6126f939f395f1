import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

const inflate = promisify(inflateRaw)

/** All parts of a workbook together, unpacked. 50 000 rows of items are about half of it. */
const UNPACKED_LIMIT = 64 * 1024 * 1024
/** Excel takes 32 767 characters in a cell; an XML parser may spend a minute on an attribute of megabytes. */
const STRETCH_LIMIT = 256 * 1024

const END = 0x06054b50
const CENTRAL = 0x02014b50
const ZIP64_LOCATOR = 0x07064b50
const [LESS, GREATER] = [0x3c, 0x3e]

/** Thrown for a zip that is none, or that would unpack to more than a workbook can be. */
export class ZipError extends Error {}

function endOfDirectory(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at--)
    if (zip.readUInt32LE(at) === END) return at
  throw new ZipError('no end of directory')
}

/** The packed bytes of every part the directory names, and whether they are deflated. */
function parts(zip: Buffer): { packed: Buffer; deflated: boolean }[] {
  const end = endOfDirectory(zip)
  if (end >= 20 && zip.readUInt32LE(end - 20) === ZIP64_LOCATOR) throw new ZipError('zip64')
  let at = zip.readUInt32LE(end + 16)
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new ZipError('directory broken')
    const size = zip.readUInt32LE(at + 20)
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const deflated = zip.readUInt16LE(at + 10) !== 0
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    return { packed: zip.subarray(start, start + size), deflated }
  })
}

/** Whether so much of a part has neither `<` nor `>` in it that no sheet looks like this. */
function endless(part: Buffer): boolean {
  let since = 0
  for (let at = 0; at < part.length; at++) {
    if (part[at] === LESS || part[at] === GREATER) since = at
    else if (at - since > STRETCH_LIMIT) return true
  }
  return false
}

/**
 * Makes sure that a workbook can be read without harm: 200 kB of zip may unpack to gigabytes, and sizes written in
 * it may lie, so every part is unpacked up to the limit.
 * @throws ZipError, RangeError when it is broken or too much
 */
export async function checkWorkbook(zip: Buffer): Promise<void> {
  let left = UNPACKED_LIMIT
  for (const { packed, deflated } of parts(zip)) {
    if (left <= 0) throw new ZipError('too large')
    const part = deflated ? await inflate(packed, { maxOutputLength: left }) : packed
    left -= part.length
    if (endless(part)) throw new ZipError('a stretch without marks')
  }
}
