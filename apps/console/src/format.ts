const zone = 'Asia/Shanghai'
const minutes = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const seconds = new Intl.DateTimeFormat('zh-CN', {
  timeZone: zone,
  dateStyle: 'long',
  timeStyle: 'medium',
  hourCycle: 'h23',
})
// Swedish writes days as ISO 8601 does.
const days = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })

/** Whether something is told only as a day: '2026-11-24'. */
export const isDay = (at: string) => at.length === 'YYYY-MM-DD'.length
/** '2026-11-24 10:05' in Asia/Shanghai; a day stays one. */
export const minuteText = (at: string) => (isDay(at) ? at : minutes.format(new Date(at)).replaceAll('/', '-'))
/** '2026年11月24日 10:05:09' in Asia/Shanghai. */
export const fullText = (iso: string) => seconds.format(new Date(iso))
/** '2026-11-24' in Asia/Shanghai. */
export const dayText = (at: string | Date) => days.format(new Date(at))
/** The day some days from today, as dayText gives it. */
export const dayFromNow = (count: number) => dayText(new Date(Date.now() + count * 86_400_000))

const whole = new Intl.NumberFormat('zh-CN')
/** '12,345' */
export const countText = (value: number) => whole.format(value)
/** '97.53%' for 0.9753; '—' where there is nothing to divide by. */
export const percentText = (fraction: number | null, digits = 2) =>
  fraction === null ? '—' : `${(fraction * 100).toFixed(digits)}%`

const UNITS: Record<string, string> = {
  working_day: '个工作日',
  calendar_day: '天',
  minute: '分钟',
  second: '秒',
  character: '字',
  evaluation: '件',
  attempt: '次',
  hour: '时',
  day_of_month: '日',
  message: '条',
}
/** '5 个工作日' */
export const quantityText = (value: number, unit: string) => `${value} ${UNITS[unit] ?? unit}`

/** A moment as a field for date and time has it, by the clock of Shanghai whatever the machine's zone: '2026-11-24T09:30'. */
export const shanghaiMinute = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
