import { APPEAL_CLAIMS, APPEAL_EVENTS, APPEAL_FILING, APPEAL_OUTCOMES } from '@haochaping/rules'
import type { JsonValue } from '../../platform/tables.ts'
import { shanghaiDay } from '../../platform/time.ts'
import type { FileView } from '../files/files.service.ts'
import { accountIdOf } from '../identity/official.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'
import { type AppealRow, deciderLabel } from './appeal.ts'
import type { HistoryEntry } from './appeals.store.ts'

/** What the words need: names, files, and how to redact for the appellant's side (null: not at all). */
export interface TimelineNeeds {
  accounts: ReadonlyMap<string, string>
  files: ReadonlyMap<string, FileView>
  row: AppealRow
  redact: ((text: string) => string) | null
  /** for whoever must not learn the moments, nor the places in the ledger between them */
  daysAlone: boolean
}

const EVENTS = Object.values(APPEAL_EVENTS)
const OTHER_LABELS: Record<string, string> = {
  filed: '提出申诉',
  overdue: '超过审理期限',
  warned: '期限预警',
  escalated: '超期报告上级',
  deadline_recomputed: '期限按公布的放假安排重新计算',
}
const ruleOf = (kind: string) => EVENTS.find((rule) => kind === `appeal.${rule.past}`)

/** What an entry of an appeal is called on screens. */
export const appealEntryLabel = (kind: string): string =>
  ruleOf(kind)?.label ?? OTHER_LABELS[kind.slice('appeal.'.length)] ?? kind

const FIELDS = [...APPEAL_FILING, ...EVENTS.flatMap((rule) => rule.fields)]
const fieldLabel = (kind: string, name: string) =>
  (ruleOf(kind)?.fields ?? APPEAL_FILING).find((field) => field.name === name)?.label ??
  FIELDS.find((field) => field.name === name)?.label ??
  name

const DECISIONS = new Set(['appeal.decided', 'appeal.reexamined'])

/** Who speaks in an appeal: either side, whoever decides, and the clock. */
type Side = Extract<TimelineEntry['actorKind'], 'appellant' | 'citizen' | 'decider' | 'system'>

function sideOf({ actor, kind }: HistoryEntry): Side {
  if (actor === 'citizen') return 'citizen'
  if (accountIdOf(actor) === null) return 'system'
  return DECISIONS.has(kind) ? 'decider' : 'appellant'
}

function actorLabel(entry: HistoryEntry, needs: TimelineNeeds): string {
  const side = sideOf(entry)
  if (side === 'citizen') return '评价人'
  if (side === 'system') return '系统'
  // The parties are told which body decided, not who sat there.
  if (side === 'decider' && needs.redact)
    return deciderLabel({
      ...needs.row,
      stage: entry.payload.stage === 'reexamination' ? 'reexamination' : 'first',
    })
  return needs.accounts.get(accountIdOf(entry.actor) ?? '') ?? '已停用的账号'
}

function factsOf({ kind, payload }: HistoryEntry): TimelineEntry['facts'] {
  const facts: TimelineEntry['facts'] = []
  if (kind === 'appeal.filed')
    facts.push({ label: '申诉请求', value: APPEAL_CLAIMS[payload.claim as keyof typeof APPEAL_CLAIMS] ?? '' })
  if (DECISIONS.has(kind)) {
    const outcome = APPEAL_OUTCOMES[payload.outcome as keyof typeof APPEAL_OUTCOMES]
    if (outcome) facts.push({ label: '决定', value: `${outcome.label}。${outcome.effect}` })
  }
  return facts
}

const fileIdsOf = (payload: Record<string, JsonValue>): string[] =>
  Array.isArray(payload.evidence)
    ? payload.evidence.map((file) => String((file as Record<string, JsonValue> | null)?.fileId ?? ''))
    : []

/** The history of the appeals against a rating, oldest first. What the other side wrote is redacted for the appellant. */
export const appealTimeline = (entries: HistoryEntry[], needs: TimelineNeeds): TimelineEntry[] =>
  entries.map((entry) => {
    const side = sideOf(entry)
    const asWritten = needs.redact === null || side === 'appellant'
    return {
      subjectId: needs.row.evaluation_id,
      entryId: entry.entry_id,
      kind: entry.kind,
      label: appealEntryLabel(entry.kind),
      at: needs.daysAlone ? shanghaiDay(entry.recorded_at) : entry.recorded_at.toISOString(),
      actorLabel: actorLabel(entry, needs),
      actorKind: side,
      texts: Object.entries(entry.content ?? {}).map(([name, text]) => ({
        label: fieldLabel(entry.kind, name),
        text: asWritten ? text : (needs.redact?.(text) ?? text),
      })),
      facts: factsOf(entry),
      files: fileIdsOf(entry.payload).flatMap((id) => {
        const file = needs.files.get(id)
        return file
          ? [{ fileId: file.fileId, name: file.name, mediaType: file.mediaType, size: file.size }]
          : []
      }),
      position: needs.daysAlone ? null : entry.position,
    }
  })
