import { fileTypeFromBuffer } from 'file-type'

const OFFICE = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

/** What may be evidence: pictures, PDF, Word and Excel documents. */
export const ALLOWED: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
  ...OFFICE,
}
export const ALLOWED_WORDS = 'JPG、PNG、WebP 图片，PDF、Word（docx）、Excel（xlsx）文件'

/** What a file is, by its bytes. */
export interface SniffedType {
  extension: string
  mediaType: string
}

/**
 * A zip that office programs of other makes wrote with its parts in another order: still a document when it has the
 * parts of one, and none with macros.
 */
function officeInside(content: Buffer): SniffedType | null {
  if (!content.includes('[Content_Types].xml') || content.includes('vbaProject.bin')) return null
  if (content.includes('word/document.xml')) return { extension: 'docx', mediaType: OFFICE.docx }
  if (content.includes('xl/workbook.xml')) return { extension: 'xlsx', mediaType: OFFICE.xlsx }
  return null
}

/** The kind of a file by its bytes, whatever its name says; null when it may not be evidence. */
export async function sniff(content: Buffer): Promise<SniffedType | null> {
  const found = await fileTypeFromBuffer(content)
  if (!found) return null
  if (found.ext === 'zip') return officeInside(content)
  const mediaType = ALLOWED[found.ext]
  return mediaType === undefined ? null : { extension: found.ext, mediaType }
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
