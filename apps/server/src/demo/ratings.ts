import { optionsFor, plusDays, type SatisfactionLevel, shanghaiDate } from '@haochaping/rules'
import type { SubmitEvaluation } from '../modules/evaluations/evaluations.schema.ts'
import type { Random } from './random.ts'
import type { PlannedVisit } from './visits.ts'
import { citizenWords, samplePerson } from './words.ts'
import { atMinute } from './worktime.ts'

/** What somebody who was served says, and when. */
export interface PlannedRating {
  at: Date
  evaluation: SubmitEvaluation
}

const MINUTE = 60_000

/** The level somebody gives at a place that earns this share of negative ratings. */
const levelAt = (random: Random, negative: number): SatisfactionLevel =>
  random.chance(negative)
    ? random.weighted([
        [6, 2],
        [4, 1],
      ])
    : random.weighted([
        [72, 5],
        [19, 4],
        [9, 3],
      ])

/** The hall is judged apart from the matter (R9): mostly alike, at times not. */
const hallLevelBeside = (random: Random, level: SatisfactionLevel): SatisfactionLevel => {
  if (level <= 2)
    return random.weighted([
      [3, 5],
      [3, 4],
      [2, 3],
      [1.5, 2],
      [0.5, 1],
    ])
  return random.weighted([
    [70, level],
    [20, 5],
    [10, 4],
    [0.6, 2],
  ])
}

/**
 * Draws a rating of a visit. Most who rate on site do so within minutes, a few days later (R8); online within hours.
 * `level` sets the level instead of drawing it.
 */
export function plannedRating(
  random: Random,
  { report, servedAt, place, channel }: PlannedVisit,
  level: SatisfactionLevel = levelAt(random, place.negative),
): PlannedRating {
  const later = report.onSite ? random.chance(0.14) : random.chance(0.6)
  const hallLevel = report.onSite ? hallLevelBeside(random, level) : null
  const optionCodes = chosenOptions(random, level)
  const words = citizenWords(random, level, optionCodes)
  const realName = random.chance(level <= 2 ? 0.45 : 0.3)
  return {
    at: later ? laterThan(random, servedAt) : new Date(servedAt.getTime() + random.between(1, 9) * MINUTE),
    evaluation: {
      level,
      hallLevel,
      optionCodes,
      ...(words && { words }),
      realName,
      ...(realName && { ...samplePerson(random), doNotContact: random.chance(0.08) }),
      channel: channelOf(random, report.onSite, later, channel),
      submissionId: random.uuid(),
    },
  }
}

/** Up to four days later, while people are awake. */
function laterThan(random: Random, servedAt: Date): Date {
  const day = plusDays(
    shanghaiDate(servedAt),
    random.weighted([
      [5, 0],
      [4, 1],
      [2, 2],
      [1, 3],
      [1, 4],
    ]),
  )
  const at = atMinute(day, random.between(7 * 60 + 30, 22 * 60 + 30))
  return at > servedAt ? at : new Date(servedAt.getTime() + random.between(10, 50) * MINUTE)
}

const channelOf = (random: Random, onSite: boolean, later: boolean, online: number): number => {
  if (!onSite) return online
  if (later)
    return random.weighted([
      [5, 2],
      [3, 7],
      [1, 6],
    ])
  return random.weighted([
    [56, 4],
    [36, 3],
    [8, 5],
  ])
}

/** Nobody, one, or a few of the options of a level; those shown first more often than the folded ones. */
function chosenOptions(random: Random, level: SatisfactionLevel): string[] {
  const count = random.weighted(
    level <= 2
      ? [
          [1, 0],
          [5, 1],
          [3, 2],
          [1, 3],
        ]
      : [
          [4, 0],
          [4, 1],
          [2, 2],
          [1, 3],
        ],
  )
  const chosen = new Set<string>()
  for (let i = 0; i < count; i++)
    chosen.add(
      random.weighted(optionsFor(level).map((option) => [option.folded ? 1 : 4, option.code] as const)),
    )
  return [...chosen]
}
