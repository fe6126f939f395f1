import { Type } from 'typebox'
import { openBytes, sealBytes } from './crypto/sm.ts'
import { uuidBytes, uuidFromBytes } from './ids.ts'
import type { Keys } from './keys.ts'
import { badRequest } from './problem.ts'

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

// Eight bytes of moment, sixteen of id, four of number: all cursors are of one length.
const LENGTH = 28
const MOMENT = 0
const ID = 8
const NUMBER = 24

function packed({ at, id, number = 0 }: Written): Buffer {
  const bytes = Buffer.alloc(LENGTH)
  bytes.writeBigInt64BE(BigInt(at.getTime()), MOMENT)
  bytes.set(uuidBytes(id), ID)
  bytes.writeInt32BE(number, NUMBER)
  return bytes
}

function unpacked(bytes: Buffer): PageEnd {
  const id = uuidFromBytes(bytes.subarray(ID, NUMBER))
  return { at: new Date(Number(bytes.readBigInt64BE(MOMENT))), id, number: bytes.readInt32BE(NUMBER) }
}

type Written = Omit<PageEnd, 'number'> & { number?: number }

/**
 * Cursors of one list. They are sealed: whoever pages through a list that tells them days alone learns no moment from
 * a cursor, nor can they ask with made-up ones what lies between two moments (R28, R29).
 *
 * @param list the name of the list; a cursor of another one is refused
 */
export function makeCursors(keys: Pick<Keys, 'derive'>, list: string) {
  const key = keys.derive('cursors')
  const context = Buffer.from(`cursor:${list}`)
  return {
    /** The end of a page in a word that goes into an address; `read` opens it. */
    write: (end: Written): string => sealBytes(key, packed(end), context).toString('base64url'),
    /**
     * The end of a page that `write` wrote.
     * @throws Problem 400 cursor-unknown for what was made up, changed, or belongs to another list
     */
    read(cursor: string): PageEnd {
      try {
        return unpacked(openBytes(key, Buffer.from(cursor, 'base64url'), context))
      } catch {
        throw badRequest('cursor-unknown', '翻页位置不对，请从第一页重新查看。', 'after')
      }
    },
  }
}
