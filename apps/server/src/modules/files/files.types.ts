import { fileTypeFromBuffer } from 'file-type'
import { isBomb, zipParts } from './files.zip.ts'

/** What a file is, by its bytes. */
export interface SniffedType {
  extension: string
  mediaType: string
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What may be evidence: pictures, documents, recordings of call-backs, short films. */
const ALLOWED: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
  docx: DOCX,
  xlsx: XLSX,
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  wav: 'audio/wav',
  amr: 'audio/amr',
  mp4: 'video/mp4',
}
export const ALLOWED_EXTENSIONS = Object.keys(ALLOWED)
export const ALLOWED_WORDS =
  'JPG、PNG、WebP 图片，PDF、Word（docx）、Excel（xlsx）文件，MP3、M4A、WAV、AMR 录音，MP4 视频'

const ZIP = Buffer.from('PK\x03\x04', 'latin1')

/** A document of Word or Excel: a zip with the parts of one, without macros, and none that unpacks without end. */
function office(content: Buffer): SniffedType | null {
  const parts = zipParts(content)
  if (!parts || isBomb(parts)) return null
  const has = (name: string) => parts.some((part) => part.name === name)
  if (!has('[Content_Types].xml') || parts.some(({ name }) => /vbaProject\.bin$/i.test(name))) return null
  if (has('word/document.xml')) return { extension: 'docx', mediaType: DOCX }
  if (has('xl/workbook.xml')) return { extension: 'xlsx', mediaType: XLSX }
  return null
}

/**
 * The kind of a file by its bytes, whatever its name says; null when it may not be evidence. A file of two kinds at
 * once, of which one is a zip, is neither: what a scanner takes for a picture another program would unpack.
 */
export async function sniff(content: Buffer): Promise<SniffedType | null> {
  if (content.subarray(0, ZIP.length).equals(ZIP)) return office(content)
  const found = await fileTypeFromBuffer(content)
  const mediaType = found && ALLOWED[found.ext]
  if (!mediaType || zipParts(content)) return null
  return { extension: found.ext, mediaType }
}

const NAME_LENGTH = 100

/** A name safe to store and to offer: no path, no control characters, ending as its bytes demand. */
export function safeName(given: string, extension: string): string {
  const base = given
    .toWellFormed()
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Cf}"<>:|?*]/gu, '')
    .trim()
  const stem = base.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/^\.+/, '')
  return `${[...(stem || '佐证材料')].slice(0, NAME_LENGTH).join('')}.${extension}`
}
