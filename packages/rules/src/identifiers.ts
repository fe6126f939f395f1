/** A check's answer: the value in its one spelling, or a sentence that says what is wrong. */
export type Checked = { ok: true; value: string } | { ok: false; reason: string }

const ok = (value: string): Checked => ({ ok: true, value })
const no = (reason: string): Checked => ({ ok: false, reason })

/** Region code (GB/T 2260) as it travels: 12 digits; six are padded with zeros. Local areas may use letters. */
export const padRegionCode = (code: string): string => code.padEnd(12, '0')

/** @example checkRegionCode('220102000000') // ok */
export const checkRegionCode = (code: string): Checked =>
  /^\d{4}[0-9A-Z]{8}$/.test(code) ? ok(code) : no('区划代码应为 12 位数字。')

const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** The check character of the first 17 of a unified social credit code (GB 32100-2015). */
export function usccCheckCharacter(first17: string): string {
  const sum = [...first17].reduce((s, c, i) => s + USCC_ALPHABET.indexOf(c) * USCC_WEIGHTS[i]!, 0)
  return USCC_ALPHABET[(31 - (sum % 31)) % 31]!
}

/** Unified social credit code, 18 characters (GB 32100-2015). */
export function checkUscc(code: string): Checked {
  const value = code.trim().toUpperCase()
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(value)) return no('统一社会信用代码应为 18 位，不含 I、O、S、V、Z。')
  return usccCheckCharacter(value.slice(0, 17)) === value[17]
    ? ok(value)
    : no('统一社会信用代码的校验位不对。')
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of the first 17 digits of a resident ID number (GB 11643-1999). */
export const residentIdCheckCharacter = (first17: string): string =>
  '10X98765432'[[...first17].reduce((s, d, i) => s + Number(d) * ID_WEIGHTS[i]!, 0) % 11]!

/** Resident ID number, 18 characters (GB 11643-1999). The area is not judged: areas are renamed and merged. */
export function checkResidentId(id: string): Checked {
  const value = id.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(value)) return no('身份证号应为 18 位。')
  const [year, month, day] = [value.slice(6, 10), value.slice(10, 12), value.slice(12, 14)].map(Number) as [
    number,
    number,
    number,
  ]
  const born = new Date(Date.UTC(year, month - 1, day))
  if (year < 1850 || born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day)
    return no('身份证号中的出生日期不存在。')
  return residentIdCheckCharacter(value.slice(0, 17)) === value[17] ? ok(value) : no('身份证号的校验位不对。')
}

/** The parts of an implementation code of a service item. */
export interface ImplementationCode {
  uscc: string
  level: string
  base: string
  /** two more digits of a 33-character handling item, else '' */
  handling: string
}

/**
 * Implementation code of a service item (GB/T 39554.1): 18 characters of the implementing body, its level, 12 of the
 * base code; with two more it is a handling item (业务办理项).
 */
export function checkImplementationCode(code: string): Checked {
  const value = code.trim().toUpperCase()
  if (!/^[0-9A-Z]{31}([0-9A-Z]{2})?$/.test(value)) return no('事项实施编码应为 31 位（业务办理项为 33 位）。')
  const body = checkUscc(value.slice(0, 18))
  if (!body.ok) return no(`事项实施编码的前 18 位：${body.reason}`)
  return /[1-7]/.test(value[18]!) ? ok(value) : no('事项实施编码第 19 位（行使层级）应为 1 至 7。')
}

/** Splits a code that `checkImplementationCode` accepted. */
export const splitImplementationCode = (code: string): ImplementationCode => ({
  uscc: code.slice(0, 18),
  level: code.slice(18, 19),
  base: code.slice(19, 31),
  handling: code.slice(31),
})

/** Mobile number of the mainland, eleven digits; +86 and blanks are taken off. */
export function checkMobile(phone: string): Checked {
  const value = phone.replace(/[\s-]/g, '').replace(/^\+?86(?=1\d{10}$)/, '')
  return /^1[3-9]\d{9}$/.test(value) ? ok(value) : no('手机号应为 11 位，以 1 开头。')
}

/** Affair number (办件编号): 1 to 50 printable characters without blanks. */
export const checkAffairNumber = (number: string): Checked =>
  /^[\x21-\x7e\u4e00-\u9fff()【】]{1,50}$/.test(number)
    ? ok(number)
    : no('办件编号应为 1 至 50 个字符，不含空格。')
