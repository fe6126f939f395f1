import { shanghaiDay } from '../../platform/time.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'

// What whoever was rated sees of their own case: neither who rated nor when, for one remembers who stood there at ten
// past nine. By rule, so that nobody decides from case to case (R28, R29, P6).

// What the citizen said and was told. The rest may name them: notes of a call-back, evidence, what was found.
const OPEN_TO_THE_RATED = new Set([
  'evaluation.submitted',
  'case.ask_citizen',
  'case.citizen_supplied',
  'case.reply',
  'case.answer_solved',
  'case.answer_unsolved',
  'case.object_rejection',
])

/** The day of a moment, of which the rated person learns no more. */
const dayOf = <T extends string | null>(at: T): T => (at === null ? at : (shanghaiDay(new Date(at)) as T))

/** A step of the case, or of an order on it, without its moment and its place among the moments of others. */
export const stepForTheRated = (entry: TimelineEntry): TimelineEntry => ({
  ...entry,
  at: dayOf(entry.at),
  position: null,
})

/** Moments of a line of a list by which the rating could be told. */
export const lineForTheRated = <L extends { openedAt: string; stateSince: string }>(line: L): L => ({
  ...line,
  openedAt: dayOf(line.openedAt),
  stateSince: dayOf(line.stateSince),
})

/** The same of a line of the call-back register. */
export const registerLineForTheRated = <L extends { openedAt: string; lastContactAt: string | null }>(
  line: L,
): L => ({ ...line, openedAt: dayOf(line.openedAt), lastContactAt: dayOf(line.lastContactAt) })

interface Ticking {
  startedAt: string
  stoppedAt: string | null
  pauses: { from: string; to: string | null; reason: string }[]
  fired: { mark: number | string; at: string }[]
}
const clockForTheRated = <C extends Ticking>(clock: C): C => ({
  ...clock,
  startedAt: dayOf(clock.startedAt),
  stoppedAt: dayOf(clock.stoppedAt),
  pauses: clock.pauses.map((pause) => ({ ...pause, from: dayOf(pause.from), to: dayOf(pause.to) })),
  fired: clock.fired.map((each) => ({ ...each, at: dayOf(each.at) })),
})

/** What of a case could tell who rated. */
interface Telling {
  openedAt: string
  stateSince: string
  clock: Ticking | null
  clocks: Ticking[]
  sources: { at: string }[]
  attempts: { recordedAt: string; note: string | null }[]
  extension: { requestedAt: string | null; reason: string | null } | null
  timeline: TimelineEntry[]
  reply: string | null
  redacted: boolean
}

/**
 * A case as the one who was rated may see it: days for moments, the citizen's words and the reply with every known
 * name and number masked, nothing of what officials noted for each other, and no files. The rating in it is redacted
 * where ratings are shown.
 *
 * @param redact masks what is known of everybody the case is about
 */
export const caseForTheRated = <D extends Telling>(detail: D, redact: (text: string) => string): D => ({
  ...lineForTheRated(detail),
  clock: detail.clock && clockForTheRated(detail.clock),
  clocks: detail.clocks.map(clockForTheRated),
  sources: detail.sources.map((source) => ({ ...source, at: dayOf(source.at) })),
  attempts: detail.attempts.map((each) => ({ ...each, recordedAt: dayOf(each.recordedAt), note: null })),
  extension: detail.extension && {
    ...detail.extension,
    requestedAt: dayOf(detail.extension.requestedAt),
    reason: null,
  },
  timeline: detail.timeline.map((entry) => ({
    ...stepForTheRated(entry),
    texts: OPEN_TO_THE_RATED.has(entry.kind)
      ? entry.texts.map(({ label, text }) => ({ label, text: redact(text) }))
      : [],
    files: [],
  })),
  reply: detail.reply && redact(detail.reply),
  redacted: true,
})
