import { isWorkday, plusDays, shanghaiDate, type WorkCalendar } from '@haochaping/rules'
import type { VisitReport } from '../modules/affairs/affairs.schema.ts'
import { ONLINE, type Place } from './places.ts'
import type { Random } from './random.ts'
import { samplePerson } from './words.ts'
import { atMinute } from './worktime.ts'

/** A visit that is to happen. */
export interface PlannedVisit {
  report: VisitReport
  servedAt: Date
  place: Place
  /** the channel a rating online comes through */
  channel: number
}

/** The system that reports the demo's visits. */
export const DEMO_SOURCE = 'demo'

/** How much of a working day's business a day sees. */
const share = (calendar: WorkCalendar, day: string): number => {
  if (isWorkday(calendar, day)) return 1
  return new Date(`${day}T00:00:00Z`).getUTCDay() === 6 ? 0.16 : 0.08
}

/** How many visits each day has, so that all days together have about `total`. */
export function dailyVisits(calendar: WorkCalendar, until: Date, days: number, total: number) {
  const last = shanghaiDate(until)
  const list = Array.from({ length: days }, (_, i) => plusDays(last, i - days + 1))
  // The last day is not over: it counts as far as it has come.
  const elapsed = Math.min(
    1,
    Math.max(0, (until.getTime() - atMinute(last, 8 * 60).getTime()) / (9 * 3_600_000)),
  )
  const weights = list.map((day) => share(calendar, day) * (day === last ? elapsed : 1))
  const sum = weights.reduce((a, b) => a + b, 0) || 1
  return list.map((day, i) => ({ day, visits: Math.round((total * weights[i]!) / sum) }))
}

const STAGES = [
  [46, '办结'],
  [27, '受理'],
  [10, '申报'],
  [9, '咨询'],
  [5, '送达'],
  [3, '缴费'],
] as const

/** When people come, minutes of the day. */
const minuteOnSite = (random: Random) =>
  random.weighted([
    [20, random.between(510, 570)],
    [30, random.between(570, 640)],
    [16, random.between(640, 690)],
    [22, random.between(780, 870)],
    [12, random.between(870, 985)],
  ])
const minuteOnline = (random: Random) => random.between(7 * 60, 22 * 60 + 30)

/** The visits of a day up to a moment, in the order they happen. */
export function visitsOfDay(
  random: Random,
  places: readonly (readonly [number, Place])[],
  { day, visits, until, workday }: { day: string; visits: number; until: Date; workday: boolean },
): PlannedVisit[] {
  const open = workday ? places : places.filter(([, place]) => place.saturday)
  const saturday = new Date(`${day}T00:00:00Z`).getUTCDay() === 6
  const today = workday || saturday ? open : open.filter(([, place]) => place.windowCode === null)
  // Of a day that is not over, only what has happened.
  const ends = Math.min(24 * 60, (until.getTime() - atMinute(day, 0).getTime()) / 60_000 - 1)
  const planned: PlannedVisit[] = []
  for (let i = 0; i < visits; i++) {
    const place = random.weighted(today)
    const minute = place.windowCode ? minuteOnSite(random) : minuteOnline(random)
    const visit = plannedVisit(random, place, atMinute(day, minute), i)
    if (minute < ends) planned.push(visit)
  }
  return planned.sort((a, b) => a.servedAt.getTime() - b.servedAt.getTime())
}

/** One visit at a place. `number` tells it from the others of its day. */
export function plannedVisit(random: Random, place: Place, servedAt: Date, number: number): PlannedVisit {
  const item = random.pick(place.items)
  const online = random.weighted(ONLINE)
  const day = shanghaiDate(servedAt).replaceAll('-', '')
  const staffNumber = place.staff.length > 0 ? random.pick(place.staff) : undefined
  return {
    place,
    servedAt,
    channel: online.channel,
    report: {
      affairNumber: `YS${day}${String(number).padStart(6, '0')}`,
      visitNumber: 1,
      stage: place.windowCode ? random.weighted(STAGES) : '办结',
      onSite: place.windowCode !== null,
      itemCode: item.code,
      organizationId: place.organizationId,
      ...(place.windowCode ? { windowCode: place.windowCode } : { platformCode: online.platform }),
      ...(staffNumber !== undefined && { staffNumber }),
      applicantType: item.applicantType as VisitReport['applicantType'],
      ...(random.chance(0.6) && { applicant: samplePerson(random) }),
      servedAt: servedAt.toISOString(),
    },
  }
}
