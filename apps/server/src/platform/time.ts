const zone = { timeZone: 'Asia/Shanghai', hour12: false } as const
const dateTime = new Intl.DateTimeFormat('zh-CN', {
  ...zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})
const dateLong = new Intl.DateTimeFormat('zh-CN', { ...zone, year: 'numeric', month: 'long', day: 'numeric' })

/** '2026/11/24 14:05' in Asia/Shanghai. */
export const showDateTime = (at: Date) => dateTime.format(at)
/** '2026年11月24日' in Asia/Shanghai. */
export const showDate = (at: Date) => dateLong.format(at)
/** Cuts to milliseconds, the precision a JavaScript date has; microseconds since the epoch for hashing. */
export const micros = (at: Date) => BigInt(at.getTime()) * 1000n

const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' })
const MINUTE = 60_000
let shown = { minute: Number.NaN, day: '' }
/** The day of a moment in Asia/Shanghai: '2026-11-24'. Asked again and again for the same minute, and slow to make. */
export function shanghaiDay(at: Date): string {
  const minute = Math.floor(at.getTime() / MINUTE)
  if (minute !== shown.minute) shown = { minute, day: isoDay.format(at) }
  return shown.day
}
/** Whether a text is a day 'YYYY-MM-DD' and no moment. */
export const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text)
/** The day so many days after (or, with a negative number, before) a day 'YYYY-MM-DD'. */
export const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
