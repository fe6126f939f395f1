import { isLevel, isNegative, optionsFor, spokenNumber } from '@haochaping/rules'
import { lengthPrefixed, sm3 } from '../../platform/crypto/sm.ts'
import { shanghaiDay } from '../../platform/time.ts'

/** A rating is negative when either of its subjects is (R9). */
export const negativeRating = (e: { level: number; hall_level: number | null }) =>
  (isLevel(e.level) && isNegative(e.level)) ||
  (e.hall_level !== null && isLevel(e.hall_level) && isNegative(e.hall_level))

/** The chosen options with their labels. */
export const optionLabels = (e: {
  level: number
  hall_level: number | null
  option_codes: string[]
  option_version: string
}) =>
  e.option_codes.map((code) => {
    const found = [e.level, e.hall_level ?? 0]
      .filter(isLevel)
      .flatMap((level) => optionsFor(level, e.option_version as '2'))
      .find((option) => option.code === code)
    return { code, label: found?.label ?? code }
  })

/** 'PJ20261124-7K3QX9WD': the day and 40 keyed bits in an alphabet without look-alikes. */
export const receiptNumber = (key: Buffer, evaluationId: string, at: Date): string =>
  keyedNumber('PJ', key, evaluationId, at)

/** A number that citizens may say over the telephone, for anything that has an id: what it is, the day, keyed characters. */
export const keyedNumber = (prefix: string, key: Buffer, id: string, at: Date): string =>
  spokenNumber(prefix, shanghaiDay(at), sm3(lengthPrefixed(key.toString('hex'), id)))
