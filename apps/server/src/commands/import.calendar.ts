import { shanghaiDate } from '@haochaping/rules'
import type { CalendarChanges } from '../modules/policies/calendar.import.ts'
import type { DeadlineMove } from '../modules/policies/calendar.preview.ts'

/** How what becomes of told deadlines is chosen on the command line. */
export const CHOICES = `
  --running prolong            顺延：推后的按更正推后，按更正会提前的不提前
  --running keep --note <理由>  不顺延：已告知的期限都不变，理由记入账本
加 --dry-run 只看不存。`

/** How many moved deadlines are printed before the rest is only counted. */
const PRINTED = 50

const KINDS = { case: '差评件', appeal: '申诉', order: '督办' }

const dayOf = (moment: string | null) => (moment === null ? '暂停' : shanghaiDate(new Date(moment)))

const moveLine = ({ kind, name, label, from, to, change }: DeadlineMove) =>
  `  ${KINDS[kind]}${name} ${label}：${dayOf(from)} → ${dayOf(to)}${change === 'kept' ? '（不提前，仍按原期限）' : ''}`

/**
 * What files of the calendar change of years that were known, and of running deadlines, line by line.
 * @param running what was decided about those that were told
 */
export function movedLines(
  { corrected, deadlines }: CalendarChanges,
  running: 'prolong' | 'keep' | undefined,
): string[] {
  const { settled, moved, later, kept, items } = deadlines
  const all = moved + later + kept
  return [
    ...(corrected.length > 0
      ? [`更正了已录入年度的 ${corrected.length} 天：${corrected.map(({ day }) => day).join('、')}`]
      : []),
    ...(settled > 0 ? [`${settled} 个暂定期限可以确定，其中 ${moved} 个的日期改变。`] : []),
    ...(later + kept > 0
      ? [`已告知的期限：${later} 个按更正推后，${kept} 个按更正会提前（已告知的不提前）。`]
      : []),
    ...items.slice(0, PRINTED).map(moveLine),
    ...(all > PRINTED ? [`  另有 ${all - PRINTED} 个`] : []),
    ...(later > 0 && running === 'keep' ? ['本次不顺延：已告知的期限都不变，理由记入账本。'] : []),
    ...(moved > 0 || (later + kept > 0 && running === 'prolong')
      ? ['保存后由后台（work）在一分钟内重新计算，每一次改变都写入办理记录。']
      : []),
  ]
}
