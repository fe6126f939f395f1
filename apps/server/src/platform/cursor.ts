import { Type } from 'typebox'
import { Problem } from './problem.ts'

/** The end of the last row of a page, after which the next begins: a moment, then an id, then a number where one id has several. */
export interface PageEnd {
  at: Date
  id: string
  number: number
}

/** A cursor as it stands in an address: the `next` of the page before. */
export const CursorText = Type.String({
  pattern: '^[0-9A-Za-z_-]{1,200}$',
  errorMessage: '翻页位置不对，请从第一页重新查看',
})

/** The end of a page in a word that goes into an address; `pageEndOf` reads it. */
export const cursorOf = ({ at, id, number = 0 }: { at: Date; id: string; number?: number }): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id, number])).toString('base64url')

/**
 * The end of a page that `cursorOf` wrote down.
 * @throws Problem 422 cursor-unknown
 */
export function pageEndOf(cursor: string): PageEnd {
  try {
    const [at, id, number] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    const end = { at: new Date(String(at)), id: String(id), number: Number(number) }
    if (!Number.isNaN(end.at.getTime()) && /^[0-9a-f-]{36}$/.test(end.id) && Number.isSafeInteger(end.number))
      return end
  } catch {
    // what cannot be read is refused below
  }
  throw new Problem(422, 'cursor-unknown', '翻页位置不对，请从第一页重新查看。', { field: 'after' })
}
