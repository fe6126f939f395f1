/** Characters that are not read for one another: no 0 and O, no 1, I and L. */
export const SPOKEN_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

/** How many of them a number has. Eight are 850 thousand million a day: nothing else keeps two numbers apart. */
export const SPOKEN_LENGTH = 8

/**
 * A number that citizens may say over the telephone: what it is, the day, and keyed characters.
 *
 * @param day 'YYYY-MM-DD'
 * @param bytes keyed and evenly spread, at least `SPOKEN_LENGTH` of them; who does not know the key learns nothing
 * @returns 'PJ20261124-7K3QX9WD'
 * @throws RangeError when there are too few bytes: the number would be easy to guess
 */
export function spokenNumber(prefix: string, day: string, bytes: Uint8Array): string {
  if (bytes.length < SPOKEN_LENGTH) throw new RangeError(`needs ${SPOKEN_LENGTH} bytes, has ${bytes.length}`)
  let letters = ''
  for (let i = 0; i < SPOKEN_LENGTH; i++) letters += SPOKEN_ALPHABET[bytes[i]! % SPOKEN_ALPHABET.length]
  return `${prefix}${day.replaceAll('-', '')}-${letters}`
}

/** Whether a text is a whole number with this prefix. */
export const isSpokenNumber = (prefix: string, text: string): boolean =>
  new RegExp(`^${prefix}\\d{8}-[${SPOKEN_ALPHABET}]{${SPOKEN_LENGTH}}$`).test(text)
