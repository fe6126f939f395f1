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

// What the database can compare: an id of its own kind, a moment it knows, a number that fits its columns.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MOMENT = /^[0-9]{4}-/
const LARGEST = 2_147_483_647

/**
 * The end of a page that `cursorOf` wrote down. What somebody made up is refused here, before it reaches the database.
 * @throws Problem 422 cursor-unknown
 */
export function pageEndOf(cursor: string): PageEnd {
  try {
    const [at, id, number] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    const end = { at: new Date(String(at)), id: String(id), number: Number(number) }
    const whole = Number.isInteger(end.number) && Math.abs(end.number) <= LARGEST
    if (MOMENT.test(end.at.toISOString()) && UUID.test(end.id) && whole) return end
  } catch {
    // what cannot be read is refused below
  }
  throw new Problem(422, 'cursor-unknown', '翻页位置不对，请从第一页重新查看。', { field: 'after' })
}
