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
