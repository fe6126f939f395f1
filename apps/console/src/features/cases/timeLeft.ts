/** The time a case has left, as a list or a page tells it. */
export interface TimeLeft {
  /** in working days, 0 on the last of them, below it when they are over; null where nothing runs */
  remaining: number | null
  overdue: boolean
  /** of the case; in a re-survey, and while they are asked for more, the time is the citizen's */
  state: string
}

const isCitizens = ({ state }: TimeLeft) => state === 'resurvey' || state === 'waiting'

/** '剩 3 个工作日', '评价人今天到期', '已超期 2 个工作日'. */
export function leftText(time: TimeLeft): string {
  const { remaining, overdue } = time
  if (overdue) return remaining ? `已超期 ${Math.abs(remaining)} 个工作日` : '已超期'
  if (remaining === null) return '不限时'
  const whose = isCitizens(time) ? '评价人' : ''
  return remaining <= 0 ? `${whose}今天到期` : `${whose}剩 ${remaining} 个工作日`
}

/** Whether an official's time ends today. */
export const endsToday = (time: TimeLeft): boolean =>
  !time.overdue && !isCitizens(time) && time.remaining !== null && time.remaining <= 0
