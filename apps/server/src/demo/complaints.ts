import { isWorkday, type WorkCalendar } from '@haochaping/rules'
import type { ComplaintReport } from '../modules/complaints/complaints.schema.ts'
import type { Place } from './places.ts'
import type { Random } from './random.ts'
import { samplePerson } from './words.ts'
import { atMinute } from './worktime.ts'

/** The hotline, as the partner it is. */
export const HOTLINE = 'hotline-12345'

/** A work order of the hotline that is to come in. */
export interface PlannedComplaint {
  at: Date
  organizationId: string
  report: ComplaintReport
}

const WORDS = [
  '来电反映：窗口中午没有人值守，等了一个多小时。',
  '来电反映：电话打了一上午没人接，想问材料怎么准备。',
  '来电反映：两个窗口说的材料不一样，来回跑了两趟。',
  '来电反映：网上提交后一直没有回音，也查不到进度。',
]
const IDEAS = ['建议在叫号屏上写明每个窗口能办什么。', '建议把办事指南的样表放大一些，老人看不清。']

const numbered = (n: number, at: Date) =>
  `GD${at.toISOString().slice(0, 10).replaceAll('-', '')}${String(n).padStart(4, '0')}`

/** What the hotline passes on about a place: every third working day one, now and then an idea. */
export function plannedComplaints(
  random: Random,
  calendar: WorkCalendar,
  places: readonly Place[],
  days: readonly string[],
): PlannedComplaint[] {
  const staffed = places.filter((place) => place.windowCode)
  return days
    .filter((day, i) => isWorkday(calendar, day) && i % 3 === 1)
    .map((day, n) => {
      const place = random.pick(staffed)
      const at = atMinute(day, 560 + random.below(300))
      const opinion = random.chance(0.25)
      return {
        at,
        organizationId: place.organizationId,
        report: {
          number: numbered(n + 1, at),
          kind: opinion ? 'opinion' : 'complaint',
          medium: opinion ? 'opinion_box' : 'hotline',
          windowCode: place.windowCode!,
          text: random.pick(opinion ? IDEAS : WORDS),
          person: samplePerson(random),
          receivedAt: at.toISOString(),
        },
      }
    })
}

/** A caller about an affair that was just rated badly; without a telephone, as some callers wish. */
export const callAbout = (random: Random, affairNumber: string, at: Date): ComplaintReport => ({
  number: numbered(9_000 + random.below(999), at),
  kind: 'complaint',
  medium: 'hotline',
  affairNumber,
  affairSource: 'demo',
  text: `${random.pick(WORDS)}（来电人不愿留电话）`,
  receivedAt: at.toISOString(),
})
