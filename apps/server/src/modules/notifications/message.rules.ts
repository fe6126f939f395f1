const HOUR = 3_600_000
const ZONE = 8 * HOUR
const DAY = 24 * HOUR

/**
 * When a message that is due now may go out (P7): now, or at the end of the quiet hours it falls into. The hours are
 * of Asia/Shanghai, which has no summer time; a night reaches past midnight when it begins later than it ends.
 */
export function afterQuietHours(now: Date, from: number, to: number): Date {
  const local = now.getTime() + ZONE
  const midnight = Math.floor(local / DAY) * DAY
  const hour = (local - midnight) / HOUR
  const quiet = from > to ? hour >= from || hour < to : hour >= from && hour < to
  if (!quiet) return now
  const end = midnight + to * HOUR
  return new Date((end > local ? end : end + DAY) - ZONE)
}

const FIRST_MS = 30_000
const LONGEST_MS = 6 * HOUR

/** How often a message is tried before it is given up: with these pauses it outlasts a carrier's bad night. */
export const TRIES = 12

/**
 * The pause after a failed attempt: 30 seconds, doubled each time up to six hours, and up to a fifth more or less, so
 * that what failed together does not come back together.
 *
 * @param failures attempts that have failed, at least 1
 * @param chance from 0 up to 1
 */
export function pauseAfter(failures: number, chance: number): number {
  const pause = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS)
  return Math.round(pause * (0.8 + 0.4 * chance))
}

/** How long a courier may keep a message: longer than any carrier takes to answer or to be given up. */
export const LEASE_MS = 2 * 60_000

/** How far back messages to one person are counted. */
export const CAP_PERIOD_MS = 7 * DAY

/** Whether a reply to a text message asks for no more of them. */
export const asksToStop = (text: string): boolean => /^[\s"“]*(?:TD|T|退订|退定)[\s"”。.!！]*$/i.test(text)
