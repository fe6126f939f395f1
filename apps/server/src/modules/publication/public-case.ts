import {
  CASE_OUTCOMES,
  CASE_SOURCES,
  type CaseOutcome,
  type CaseSourceKind,
  caseEventRule,
  isCaseEvent,
  isLevel,
  optionsFor,
  REJECTION_REASONS,
} from '@haochaping/rules'
import type { JsonValue } from '../../platform/tables.ts'
import type { HistoryEntry } from '../ledger/ledger.service.ts'
import { maskForPublic } from './masks.ts'

/** One thing that was done, as the public reads it. */
export interface PublicStep {
  label: string
  at: string
  facts: { label: string; value: string }[]
  texts: { label: string; text: string }[]
}

/** A closed case as the public reads it. */
export interface PublicCase {
  caseNumber: string
  /** what opened it */
  sourceKind: CaseSourceKind
  /** of the rating; null where a complaint or an opinion opened it */
  level: number | null
  hallLevel: number | null
  options: string[]
  /** '' where a complaint named none */
  itemCode: string
  organizationId: string
  organizationPath: string
  regionCode: string
  /** when it was said that opened it */
  ratedAt: Date
  openedAt: Date
  repliedAt: Date | null
  closedAt: Date
  outcome: CaseOutcome
  rejectionReason: keyof typeof REJECTION_REASONS | null
  rounds: number
  everOverdue: boolean
  /** the one rating after rectification, beside the first */
  followUp: { level: number; at: Date } | null
  steps: PublicStep[]
}

/**
 * What of an event is published. Whatever is not named here is not: the notes of call-backs and of decisions, the
 * names of those responsible, and every word of the citizen's own.
 */
const PUBLISHED: Record<string, readonly string[]> = {
  sign: [],
  accept_transfer: [],
  record_contact: ['result'],
  fix_now: ['finding'],
  promise: ['finding', 'plan', 'promisedOn'],
  explain: ['finding', 'legalBasis'],
  propose_rejection: ['rejectionReason', 'finding'],
  confirm_rejection: [],
  refuse_rejection: [],
  request_extension: ['newDate', 'reason'],
  approve_extension: [],
  refuse_extension: [],
  complete: ['done'],
  explained: ['explanation'],
  reply: ['reply'],
  answer_solved: ['surveyLevel'],
  answer_unsolved: [],
  object_rejection: [],
  record_solved: ['surveyLevel'],
  record_unsolved: [],
  close_unanswered: [],
  reopen_by_inspection: ['falseReport'],
  reopen_by_source: [],
  direct_again: [],
}

const asText = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '')
const asWhole = (value: JsonValue | undefined) => (typeof value === 'number' ? value : null)
const asDate = (value: JsonValue | undefined) => new Date(asText(value))

function stepOf({ kind, at, payload, texts }: HistoryEntry, names: readonly string[]): PublicStep[] {
  if (kind === 'case.opened') return [{ label: '转交办理单位', at: at.toISOString(), facts: [], texts: [] }]
  if (kind === 'case.overdue') return [{ label: '超过期限', at: at.toISOString(), facts: [], texts: [] }]
  const event = kind.slice('case.'.length)
  const published = PUBLISHED[event]
  if (!isCaseEvent(event) || !published) return []
  const rule = caseEventRule(event)
  const shown = rule.fields.filter((field) => published.includes(field.name))
  const facts = shown.flatMap((field) => {
    const value = asText(payload[field.name])
    const word = field.choices?.find((choice) => choice.value === value)?.label ?? value
    return field.type !== 'text' && word ? [{ label: field.label, value: word }] : []
  })
  const said = shown.flatMap((field) => {
    const text = texts[field.name]
    return field.type === 'text' && text ? [{ label: field.label, text: maskForPublic(text, names) }] : []
  })
  return [{ label: rule.label, at: at.toISOString(), facts, texts: said }]
}

/** Entries of the first version did not say it: then only ratings opened cases. */
function sourceOf(payload: HistoryEntry['payload']): CaseSourceKind {
  const kind = asText(payload.sourceKind)
  return Object.hasOwn(CASE_SOURCES, kind) ? (kind as CaseSourceKind) : 'rating'
}

/** A labelled option of the rating. */
function optionLabels(payload: HistoryEntry['payload']): string[] {
  const codes = Array.isArray(payload.optionCodes) ? payload.optionCodes.map(asText) : []
  const version = payload.optionVersion === '1' ? '1' : '2'
  const known = [payload.level, payload.hallLevel]
    .filter(isLevel)
    .flatMap((level) => optionsFor(level, version))
  return codes.flatMap((code) => known.find((option) => option.code === code)?.label ?? [])
}

/**
 * The public record of a case from everything its journal holds (R19, R23), whatever opened it; null as long as it is
 * not closed.
 * @param names persons whose names must not appear
 */
export function publicCaseOf(history: readonly HistoryEntry[], names: readonly string[]): PublicCase | null {
  const rating = history.find((entry) => entry.kind === 'evaluation.submitted')
  const said = rating ?? history.find((entry) => entry.kind === 'complaint.received')
  const moves = history
    .filter((entry) => entry.kind.startsWith('case.'))
    .toSorted((a, b) => (asWhole(a.payload.version) ?? 0) - (asWhole(b.payload.version) ?? 0))
  const last = moves.at(-1)
  const outcome = asText(last?.payload.outcome)
  if (!said || !last || last.payload.to !== 'closed' || !Object.hasOwn(CASE_OUTCOMES, outcome)) return null
  const { payload } = last
  const followUp = history.find((entry) => entry.kind === 'evaluation.followed_up')
  const confirmed = moves.find((move) => move.kind === 'case.confirm_rejection')
  const reason = asText(confirmed?.payload.rejectionReason)
  return {
    caseNumber: asText(payload.caseNumber),
    sourceKind: sourceOf(payload),
    level: asWhole(rating?.payload.level),
    hallLevel: asWhole(rating?.payload.hallLevel),
    options: rating ? optionLabels(rating.payload) : [],
    itemCode: asText(said.payload.itemCode),
    organizationId: asText(payload.organizationId),
    organizationPath: asText(payload.organizationPath),
    regionCode: asText(payload.regionCode),
    ratedAt: said.at,
    openedAt: asDate(payload.openedAt),
    repliedAt: moves.findLast((move) => move.kind === 'case.reply')?.at ?? null,
    closedAt: last.at,
    outcome: outcome as CaseOutcome,
    rejectionReason: Object.hasOwn(REJECTION_REASONS, reason) ? (reason as 'mistaken' | 'malicious') : null,
    rounds: asWhole(payload.round) ?? 1,
    everOverdue: moves.some((move) => move.payload.everOverdue === true),
    followUp: followUp ? { level: asWhole(followUp.payload.level) ?? 0, at: followUp.at } : null,
    steps: moves.flatMap((move) => stepOf(move, names)),
  }
}
