const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

/** '2027-01-09' → '1月9日（周六）'. */
export function shortDay(day: string): string {
  const weekday = WEEKDAYS[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7]
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日（${weekday}）`
}

/** What a hall opens on: '2027-03-08' as it is, '6' as '每周六'. */
export const hallDayText = (day: string): string =>
  day.length > 1 ? day : `每${WEEKDAYS[Number(day) - 1] ?? day}`

export const WEEKDAY_OPTIONS = WEEKDAYS.map((label, i) => ({ value: String(i + 1), label: `每${label}` }))
