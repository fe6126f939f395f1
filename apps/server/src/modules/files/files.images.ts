import sharp from 'sharp'
import { notFound, Problem } from '../../platform/problem.ts'
import type { PreviewSize } from './files.vault.ts'

// Pictures come from anybody's telephone: only the decoders of what we take are open, one picture at a time, and
// none of more pixels than the largest cameras make (100 million; a bomb of a few kilobytes claims thousands).
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
})
sharp.concurrency(1)
sharp.cache(false)

const MOST_PIXELS = 100_000_000
const EDGE: Record<PreviewSize, number> = { small: 320, large: 1600 }

export const isImage = (mediaType: string): boolean => mediaType.startsWith('image/')

const decoder = (content: Buffer) =>
  sharp(content, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })

/**
 * Looks at the head of a picture, without decoding it.
 * @throws Problem 422 file-broken when it is none, image-too-large when it has too many pixels
 */
export async function checkImage(content: Buffer): Promise<void> {
  const found = await sharp(content, { limitInputPixels: false })
    .metadata()
    .catch(() => null)
  if (!found)
    throw new Problem(422, 'file-broken', '图片打不开，可能已损坏，请重新拍照或重新导出后再传。', {
      field: 'file',
    })
  if (found.width * found.height * (found.pages ?? 1) > MOST_PIXELS)
    throw new Problem(422, 'image-too-large', '图片的像素太多（超过一亿），请缩小后再传。', { field: 'file' })
}

let last: Promise<unknown> = Promise.resolve()
/** One after the other: a large picture takes memory while it is decoded. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work)
  last = mine.catch(() => {})
  return mine
}

/**
 * A picture small enough for a screen, turned upright. Nothing of what the camera wrote into the file (place, time,
 * device) goes into it.
 * @throws Problem 404 preview-none for a picture that does not decode
 */
export const makePreview = (content: Buffer, size: PreviewSize): Promise<Buffer> =>
  inTurn(() =>
    decoder(content)
      .autoOrient()
      .resize(EDGE[size], EDGE[size], { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 80 })
      .toBuffer(),
  ).catch(() => {
    throw notFound('preview-none', '这张图片不能预览，请下载后查看。')
  })
