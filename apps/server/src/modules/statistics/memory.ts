import { type AppealOutcome, isAppealOutcome, REOPENING_EVENTS } from '@haochaping/rules'
import type { JsonValue } from '../../platform/tables.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { SealedEntry } from '../ledger/consumers.ts'

/** Who and what a service was: everything figures may be looked at by, but day and channel. */
export interface Subject {
  organizationId: string
  organizationPath: string
  regionCode: string
  itemCode: string
  hallCode: string
  windowCode: string
  staffNumber: string
}

/** The names of it. */
export const SUBJECT = [
  'organizationId',
  'organizationPath',
  'regionCode',
  'itemCode',
  'hallCode',
  'windowCode',
  'staffNumber',
] as const satisfies (keyof Subject)[]

/** A chance to rate: a visit on site, or an online affair (its first reported visit). */
export interface Chance extends Subject {
  day: string
}

/** A rating as it was given. */
export interface Rating extends Subject {
  day: string
  channel: number
  level: number
  hallLevel: number | null
  realName: boolean
}

/** How the case of a negative rating, a complaint or an opinion stands. `version` says which entry knew last: two may bear the same time. */
export interface CaseMemory {
  version: number
  closed: boolean
  outcome: string | null
  overdue: boolean
  everOverdue: boolean
  /** what opened it */
  source: string
  /** whoever left a name and may be called back (R20) */
  callable: string[]
  /** whoever was, since the case last began anew: as the register of call-backs has it */
  called: string[]
  /** version of the last reply, and of the last time it was found unsolved after all; 0: never */
  repliedAt: number
  reopenedAt: number
}

/** The one rating after rectification; it stands beside the first and never in its place. */
export interface FollowUpMemory {
  level: number
}

/** A complaint or an opinion from outside. */
export interface ComplaintMemory extends Subject {
  day: string
}

/** What appeals made of a rating (R29). The last decision counts: a re-examination may restore what was taken out. */
export interface AppealMemory {
  /** how many were filed; all but the last were withdrawn */
  filed: number
  /** of the last one: which of its entries knew last, and how it is decided so far */
  version: number
  outcome: AppealOutcome | null
}

/** What is known of one evaluation_id, from all its entries so far. */
export interface Memory {
  chance: Chance | null
  rating: Rating | null
  followUp?: FollowUpMemory
  complaint?: ComplaintMemory
  case: CaseMemory | null
  appeal?: AppealMemory
  /** confirmed in its case as not adopted; only an appeal's decision brings it back */
  excluded: 'mistaken' | 'malicious' | null
}

export const NOTHING: Memory = { chance: null, rating: null, case: null, excluded: null }

type Payload = { [key: string]: JsonValue }
const text = (p: Payload, key: string) => (typeof p[key] === 'string' ? p[key] : '')
const whole = (p: Payload, key: string) => (typeof p[key] === 'number' ? p[key] : null)
const flag = (p: Payload, key: string) => p[key] === true

const subjectOf = (p: Payload): Subject => ({
  organizationId: text(p, 'organizationId'),
  organizationPath: text(p, 'organizationPath'),
  regionCode: text(p, 'regionCode'),
  itemCode: text(p, 'itemCode'),
  hallCode: text(p, 'hallCode'),
  windowCode: text(p, 'windowCode'),
  staffNumber: text(p, 'staffNumber'),
})

/** Whether figures depend on entries of this kind. */
export const counted = (kind: string) =>
  kind === 'visit.reported' ||
  kind === 'evaluation.submitted' ||
  kind === 'evaluation.followed_up' ||
  kind === 'complaint.received' ||
  kind.startsWith('case.') ||
  kind.startsWith('appeal.')

/**
 * What is known after one more entry. Entries of one evaluation may come in any order among those of the same
 * moment: the result does not depend on it.
 */
export function remember(memory: Memory, entry: SealedEntry): Memory {
  const p = entry.payload
  if (entry.kind === 'visit.reported')
    // An online affair is rated once whatever the number of its visits: one chance (一事一评).
    return memory.chance
      ? memory
      : { ...memory, chance: { ...subjectOf(p), day: shanghaiDay(new Date(text(p, 'servedAt'))) } }
  if (entry.kind === 'evaluation.submitted')
    return {
      ...memory,
      rating: {
        ...subjectOf(p),
        day: shanghaiDay(entry.recordedAt),
        channel: whole(p, 'channel') ?? 0,
        level: whole(p, 'level') ?? 0,
        hallLevel: whole(p, 'hallLevel'),
        realName: flag(p, 'realName'),
      },
    }
  if (entry.kind === 'evaluation.followed_up')
    return { ...memory, followUp: { level: whole(p, 'level') ?? 0 } }
  if (entry.kind === 'complaint.received')
    return { ...memory, complaint: { ...subjectOf(p), day: shanghaiDay(entry.recordedAt) } }
  if (entry.kind.startsWith('appeal.')) return { ...memory, appeal: rememberAppeal(memory.appeal, p) }
  const reason = p.rejectionReason
  const confirmed = entry.kind === 'case.confirm_rejection'
  return {
    ...memory,
    case: rememberCase(memory.case, entry),
    excluded:
      memory.excluded ?? (confirmed && (reason === 'mistaken' || reason === 'malicious') ? reason : null),
  }
}

/** The citizen said "not solved" or objected, inspection found it so, or the matter came up again. */
const REOPENINGS = REOPENING_EVENTS.map((event) => `case.${event}`)

interface Person {
  id: string
  doNotContact: boolean
  contacted: boolean
}
/** Those of a case who left a name; before several were told apart, it was whoever opened it. */
const personsOf = (p: Payload, subjectId: string): Person[] =>
  Array.isArray(p.persons)
    ? (p.persons as unknown as Person[])
    : flag(p, 'realName')
      ? [{ id: subjectId, doNotContact: flag(p, 'doNotContact'), contacted: flag(p, 'contacted') }]
      : []

function rememberCase(known: CaseMemory | null, { subjectId, kind, payload: p }: SealedEntry): CaseMemory {
  const version = whole(p, 'version') ?? 0
  const newest = !known || version >= known.version
  const at = (kinds: readonly string[], before = 0) =>
    kinds.includes(kind) ? Math.max(before, version) : before
  const persons = personsOf(p, subjectId)
  const ids = (some: Person[]) => some.map((person) => person.id)
  return {
    version: Math.max(version, known?.version ?? 0),
    ...(newest
      ? { closed: p.to === 'closed', outcome: text(p, 'outcome') || null, overdue: flag(p, 'overdue') }
      : { closed: known.closed, outcome: known.outcome, overdue: known.overdue }),
    everOverdue: (known?.everOverdue ?? false) || flag(p, 'everOverdue') || flag(p, 'overdue'),
    source: text(p, 'sourceKind') || known?.source || 'rating',
    callable: newest ? ids(persons.filter((person) => !person.doNotContact)) : known.callable,
    called: newest ? ids(persons.filter((person) => person.contacted)) : known.called,
    repliedAt: at(['case.reply'], known?.repliedAt),
    reopenedAt: at(REOPENINGS, known?.reopenedAt),
  }
}

function rememberAppeal(known: AppealMemory | undefined, p: Payload): AppealMemory {
  const [number, version] = [whole(p, 'number') ?? 1, whole(p, 'version') ?? 0]
  if (known && (number < known.filed || (number === known.filed && version < known.version))) return known
  return { filed: number, version, outcome: isAppealOutcome(p.outcome) ? p.outcome : null }
}

/**
 * Whose figures a rating counts in by all that was decided of it: `excluded` takes it out of all of them, `staff` only
 * out of the named staff member's. What an appeal decided is above what was confirmed in the case.
 */
export function standingOf({ appeal, excluded }: Memory): {
  excluded: 'mistaken' | 'malicious' | null
  staff: boolean
} {
  const outcome = appeal?.outcome
  if (!outcome) return { excluded, staff: false }
  if (outcome === 'mistaken' || outcome === 'malicious') return { excluded: outcome, staff: false }
  return { excluded: null, staff: outcome === 'partly' }
}
