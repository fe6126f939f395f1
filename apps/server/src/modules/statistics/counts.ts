import { isOverturned } from '@haochaping/rules'
import { type Memory, type Rating, type Subject, standingOf } from './memory.ts'

/** Everything that is counted; each name is a column of `statistic_daily`. */
export const COUNTS = [
  'visits',
  'rated',
  'level_5',
  'level_4',
  'level_3',
  'level_2',
  'level_1',
  'hall_5',
  'hall_4',
  'hall_3',
  'hall_2',
  'hall_1',
  'real_name',
  'excluded_mistaken',
  'excluded_malicious',
  'cases_opened',
  'cases_adopted',
  'cases_rectified',
  'cases_on_time',
  'cases_closed',
  'cases_solved',
  'cases_no_answer',
  'cases_not_adopted',
  'cases_reopened',
  'cases_overdue',
  'cases_ever_overdue',
  'cases_contactable',
  'cases_contacted',
  'appeals_filed',
  'appeals_decided',
  'appeals_overturned',
  'follow_ups',
  'follow_ups_positive',
  'complaints',
  'cases_from_complaint',
  'cases_from_opinion',
] as const
export type CountName = (typeof COUNTS)[number]
export type Counts = Record<CountName, number>

export const noCounts = (): Counts => Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts

/** Adds one set of counts to another, in place. */
export function addCounts(to: Counts, from: Partial<Counts>, sign: 1 | -1 = 1): Counts {
  for (const name of COUNTS) to[name] += sign * (from[name] ?? 0)
  return to
}

/** The row of `statistic_daily` that counts stand in. */
export interface Cell extends Subject {
  day: string
  channel: number
}

/** What tells one cell from another. */
export const cellKey = (c: Cell) =>
  JSON.stringify([
    c.day,
    c.organizationId,
    c.organizationPath,
    c.regionCode,
    c.itemCode,
    c.hallCode,
    c.windowCode,
    c.staffNumber,
    c.channel,
  ])

/**
 * What one evaluation adds to the figures: to which cells, and what. A case adds to the cell of the rating, complaint
 * or opinion that opened it, so that both stand on one day and may be looked at in the same ways.
 */
export function contributions(memory: Memory): { cell: Cell; counts: Partial<Counts> }[] {
  const { chance, rating, complaint } = memory
  const { staff } = standingOf(memory)
  return [
    // Counted by themselves, on the day they came: a complaint is no rating and moves no rate of ratings.
    ...(complaint
      ? [{ cell: { ...complaint, channel: 0 }, counts: { complaints: 1, ...caseCounts(memory) } }]
      : []),
    ...(chance ? [{ cell: { ...chance, channel: 0 }, counts: { visits: 1, rated: rating ? 1 : 0 } }] : []),
    ...(rating
      ? [
          {
            // Where the unit answers and not the person, it stands at the unit under nobody's number.
            cell: staff ? { ...rating, staffNumber: '' } : rating,
            counts: {
              ...ratingCounts(memory, rating),
              ...followUpCounts(memory),
              ...caseCounts(memory),
              ...appealCounts(memory),
            },
          },
        ]
      : []),
  ]
}

// A rating not adopted leaves the levels (of the item and of the hall) and is counted by its reason.
function ratingCounts(memory: Memory, rating: Rating): Partial<Counts> {
  const { excluded } = standingOf(memory)
  const real_name = rating.realName ? 1 : 0
  if (excluded) return { [`excluded_${excluded}`]: 1, real_name }
  return {
    [`level_${rating.level}`]: 1,
    ...(rating.hallLevel !== null && { [`hall_${rating.hallLevel}`]: 1 }),
    real_name,
  }
}

// Counted apart: the first rating keeps its level whatever the second says.
const followUpCounts = ({ followUp }: Memory): Partial<Counts> =>
  followUp ? { follow_ups: 1, follow_ups_positive: followUp.level >= 3 ? 1 : 0 } : {}

/**
 * Rectified: answered, and not found unsolved since. A case that was not adopted asks for no rectification and is
 * left out of that rate altogether. Call-backs are counted by person, of all who left a name; who asked not to be
 * contacted cannot be called back (R20).
 */
function caseCounts(memory: Memory): Partial<Counts> {
  const { case: c } = memory
  if (!c) return {}
  const { excluded } = standingOf(memory)
  const one = (yes: boolean) => (yes ? 1 : 0)
  const rectified = !excluded && c.repliedAt > c.reopenedAt
  return {
    cases_opened: 1,
    cases_from_complaint: one(c.source === 'complaint'),
    cases_from_opinion: one(c.source === 'opinion'),
    cases_adopted: one(!excluded),
    cases_rectified: one(rectified),
    cases_on_time: one(rectified && !c.everOverdue),
    cases_closed: one(c.closed),
    cases_solved: one(c.closed && c.outcome === 'solved'),
    cases_no_answer: one(c.closed && c.outcome === 'no_answer'),
    cases_not_adopted: one(c.closed && c.outcome === 'not_adopted'),
    cases_reopened: one(c.reopenedAt > 0),
    cases_overdue: one(c.overdue && !c.closed),
    cases_ever_overdue: one(c.everOverdue),
    cases_contactable: c.callable.length,
    cases_contacted: c.callable.filter((id) => c.called.includes(id)).length,
  }
}

/** Filed is filed, withdrawn ones too; overturned: by the last decision, so a re-examination may take it back. */
function appealCounts({ appeal }: Memory): Partial<Counts> {
  if (!appeal) return {}
  const { filed, outcome } = appeal
  return {
    appeals_filed: filed,
    appeals_decided: outcome ? 1 : 0,
    appeals_overturned: outcome && isOverturned(outcome) ? 1 : 0,
  }
}
