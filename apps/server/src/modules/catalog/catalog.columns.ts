import { checkRegionCode, checkUscc } from '@haochaping/rules'

/** What a cell of the directory holds once it is read. */
export type Cell = string | number | boolean | null

/** What reading a cell gives: its value, or why it cannot be one (in Chinese). */
export type Reading = { value: Cell; doubt?: string } | { wrong: string }

/** The entities of the directory, in the order they must be loaded. */
export const ENTITY_NAMES = [
  'regions',
  'organizations',
  'halls',
  'windows',
  'platforms',
  'staff',
  'items',
  'guides',
  'evaluation-options',
  'calendar-years',
  'calendar',
  'policies',
] as const
export type EntityName = (typeof ENTITY_NAMES)[number]
export const isEntityName = (text: string): text is EntityName => ENTITY_NAMES.some((name) => name === text)

/** One column: its name in the table and in files, its Chinese heading, and how a cell is read. */
export interface Column {
  name: string
  title: string
  /** a word for the person filling in a template */
  hint: string
  required: boolean
  reference?: EntityName
  /** what an empty cell means */
  fallback: Cell
  read: (text: string) => Reading
}

type More = Partial<Pick<Column, 'required' | 'reference' | 'fallback' | 'hint'>>

const column =
  (read: Column['read'], hint: string, fallback: Cell) =>
  (name: string, title: string, more: More = {}): Column => ({
    name,
    title,
    hint,
    required: false,
    fallback,
    read,
    ...more,
  })

/** Text of at most `max` characters. Control characters other than line breaks are refused: they come from broken exports. */
export const text = (max: number) =>
  column(
    (raw) => {
      if ([...raw].length > max) return { wrong: `不能超过 ${max} 个字` }
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(raw)) return { wrong: '含有乱码或控制字符' }
      return { value: raw }
    },
    `文字，最多 ${max} 字`,
    '',
  )

/** Text that must match a pattern; `words` says what it should look like. */
export const pattern = (regex: RegExp, words: string, fallback: Cell = '') =>
  column((raw) => (regex.test(raw) ? { value: raw } : { wrong: `格式不对，应为${words}` }), words, fallback)

/** One of a few values, given by the value or by its Chinese name. */
export const choice = (choices: Record<string, string>) =>
  column(
    (raw) => {
      const found = Object.entries(choices).find(([value, label]) => value === raw || label === raw)
      return found ? { value: found[0] } : { wrong: `只能是：${Object.values(choices).join('、')}` }
    },
    Object.entries(choices)
      .map(([value, label]) => `${value}(${label})`)
      .join(' / '),
    '',
  )

/** Reasons stand inside longer sentences here. */
const sentence = (reason: string) => reason.replace(/。$/, '')

const YES = ['true', '1', '是', 'yes', 'y', '√']
const NO = ['false', '0', '否', 'no', 'n', '×']

export const flag = (fallback: boolean) =>
  column(
    (raw) => {
      const word = raw.toLowerCase()
      if (YES.includes(word)) return { value: true }
      return NO.includes(word) ? { value: false } : { wrong: '只能填“是”或“否”' }
    },
    '是 / 否',
    fallback,
  )

export const whole = (min: number, max: number, fallback: number | null = null) =>
  column(
    (raw) => {
      const value = Number(raw)
      return /^-?\d{1,9}$/.test(raw) && value >= min && value <= max
        ? { value }
        : { wrong: `应为 ${min} 到 ${max} 的整数` }
    },
    `整数，${min} 至 ${max}`,
    fallback,
  )

/** A day that exists, as 2026-01-01; 2026/1/1 is read too because spreadsheets write it. */
export const day = column(
  (raw) => {
    const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(raw)
    const iso = parts && `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`
    if (!iso || Number.isNaN(Date.parse(iso)) || new Date(iso).toISOString().slice(0, 10) !== iso)
      return { wrong: '不是有效日期，应为 2026-01-01 的样子' }
    return { value: iso }
  },
  '日期，如 2026-01-01',
  null,
)

/** A moment: a day alone means its first moment in Asia/Shanghai. */
export const moment = column(
  (raw) => {
    const shaped =
      /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(?:Z|[+-]\d{2}:\d{2})?$/.test(raw)
    const zoned = /(?:Z|[+-]\d{2}:\d{2})$/.test(raw.slice(10))
      ? raw
      : `${raw.length === 10 ? `${raw}T00:00:00` : raw}+08:00`
    const at = new Date(zoned.replace(' ', 'T'))
    return shaped && !Number.isNaN(at.getTime())
      ? { value: at.toISOString() }
      : { wrong: '时间格式不对，应为 2026-01-01 或 2026-01-01T00:00:00+08:00' }
  },
  '日期或时间，如 2026-01-01',
  null,
)

export const regionCode = column(
  (raw) => {
    const check = checkRegionCode(raw)
    return check.ok ? { value: check.value } : { wrong: sentence(check.reason) }
  },
  '12 位区划代码',
  null,
)

/** Codes of items are text without a fixed length: published lengths disagree (R2). */
export const itemCode = column(
  (raw) => {
    // What a spreadsheet makes of 31 digits in a cell that is not text; the digits are lost. A real code may end its
    // first part with an E (a credit code's check character), but no code has a plus sign.
    if (/^\d(\.\d+)?E\+\d+$/i.test(raw))
      return { wrong: '编码被表格软件改成了科学计数，请把单元格设为“文本”后重填' }
    return /^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$/.test(raw)
      ? { value: raw }
      : { wrong: '格式不对，应为数字、字母、横线，最多 64 位' }
  },
  '数字和字母，最多 64 位；单元格设为文本',
  '',
)

/**
 * Unified social credit code. One that fails its check is doubted, not refused: the body exists and must be open to
 * rating (R1), but a wrong code must not travel upward. It is left out of the directory and reported (quarantined).
 */
export const uscc = column(
  (raw) => {
    const check = checkUscc(raw)
    return check.ok
      ? { value: check.value }
      : { value: '', doubt: `${sentence(check.reason)}，已留空，请核对` }
  },
  '18 位统一社会信用代码',
  '',
)
