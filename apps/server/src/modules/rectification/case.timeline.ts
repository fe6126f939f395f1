import {
  CASE_CLOCKS,
  CASE_OUTCOMES,
  CASE_SOURCES,
  type CaseField,
  caseEventRule,
  isCaseClockKey,
  isCaseEvent,
  LEVELS,
} from '@haochaping/rules'
import type { JsonValue } from '../../platform/tables.ts'
import { showDateTime } from '../../platform/time.ts'
import { accountIdOf } from '../identity/official.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'
import type { HistoryEntry } from './rectification.store.ts'

/** Names that the words need. */
export interface TimelineNames {
  accounts: ReadonlyMap<string, string>
  files: ReadonlyMap<string, TimelineEntry['files'][number]>
  organizations: ReadonlyMap<string, string>
  /** those who left a name, where there are several */
  evaluators: ReadonlyMap<string, string>
}

const LABELS: Record<string, string> = {
  'evaluation.submitted': '提交评价',
  'case.opened': '差评件生成，转办理单位',
  'case.joined': '同一事项的其他反映并入本件',
  'case.warned': '时限提醒',
  'case.escalated': '超期上报',
  'case.overdue': '超过期限',
  'case.deadline-recomputed': '期限按公布的放假安排重新计算',
  'message.queued': '通知评价人（待发送）',
  'message.sent': '通知已发送',
  'message.failed': '消息没有发出',
  'message.suppressed': '没有给评价人发消息',
  'message.resent': '消息重新发送',
}

/** Why the citizen was not told, or not yet. */
const MESSAGE_REASONS: Record<string, string> = {
  no_recipient: '没有可用的联系方式，或评价人匿名；答复已写在进度页',
  do_not_contact: '评价人不希望被联系；答复已写在进度页',
  opted_out: '评价人已退订消息；答复已写在进度页',
  capped: '评价人一周内收到的消息已达上限；答复已写在进度页',
  answered: '评价人已经回答',
}

const eventOf = (kind: string) => {
  const event = kind.startsWith('case.') ? kind.slice('case.'.length) : ''
  return isCaseEvent(event) ? event : null
}

/** What an entry is called on screens. */
export const entryLabel = (kind: string): string => {
  const event = eventOf(kind)
  return event ? caseEventRule(event).label : (LABELS[kind] ?? kind)
}

const DECIDING: readonly string[] = ['management', 'superior', 'supervisor']

function actorOf(entry: HistoryEntry, names: TimelineNames): Pick<TimelineEntry, 'actorKind' | 'actorLabel'> {
  if (entry.actor === 'citizen') return { actorKind: 'citizen', actorLabel: '评价人' }
  const account = accountIdOf(entry.actor)
  if (account === null) return { actorKind: 'system', actorLabel: '系统' }
  const event = eventOf(entry.kind)
  const actorKind =
    event && caseEventRule(event).actors.some((actor) => DECIDING.includes(actor)) ? 'management' : 'official'
  return { actorKind, actorLabel: names.accounts.get(account) ?? '已停用的账号' }
}

const asText = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '')

function wordsFor(field: CaseField, value: JsonValue | undefined, names: TimelineNames): string {
  const text = asText(value)
  if (field.type === 'person') return names.accounts.get(text) ?? text
  if (field.type === 'organization') return names.organizations.get(text) ?? text
  if (field.type === 'evaluator') return names.evaluators.get(text) ?? ''
  return field.choices?.find((choice) => choice.value === text)?.label ?? text
}

function factsOf({ kind, payload }: HistoryEntry, names: TimelineNames): TimelineEntry['facts'] {
  const facts: TimelineEntry['facts'] = []
  const add = (label: string, value: string) => value && facts.push({ label, value })
  const event = eventOf(kind)
  if (kind === 'evaluation.submitted')
    add('等级', LEVELS.find((level) => level.level === payload.level)?.label ?? '')
  for (const field of event ? caseEventRule(event).fields : [])
    if (field.type !== 'text' && field.type !== 'files')
      add(field.label, wordsFor(field, payload[field.name], names))
  if (kind === 'case.co_report') add('协办单位', names.organizations.get(asText(payload.reportedFor)) ?? '')
  for (const fact of alarmFacts(payload, kind, names)) add(fact.label, fact.value)
  const clock = payload.clock as { dueAt?: JsonValue } | null | undefined
  // Said only where a new clock starts or is moved: on every line it would be noise.
  if (
    typeof clock === 'object' &&
    clock &&
    (payload.from !== payload.to || kind === 'case.deadline-recomputed')
  )
    add('本环节期限', showDateTime(new Date(asText(clock.dueAt))).replaceAll('/', '-'))
  if (payload.from !== payload.to && typeof payload.outcome === 'string')
    add('结果', CASE_OUTCOMES[payload.outcome as keyof typeof CASE_OUTCOMES] ?? '')
  if (kind === 'message.failed' || kind === 'message.suppressed')
    add('原因', MESSAGE_REASONS[asText(payload.reason) || asText(payload.status)] ?? '')
  return facts
}

const MARKS: Record<string, string> = {
  '50': '时限已过一半',
  '80': '时限已过八成',
  '100': '时限已到，报责任单位',
  district: '报区级主管部门',
  city: '报市级主管部门',
}

/** What an alarm is about and whom it went to, and what was joined to a case. */
function alarmFacts(
  payload: HistoryEntry['payload'],
  kind: string,
  names: TimelineNames,
): TimelineEntry['facts'] {
  if (kind === 'case.joined') {
    const source = asText(payload.source)
    return [{ label: '来源', value: CASE_SOURCES[source as keyof typeof CASE_SOURCES] ?? source }]
  }
  if (kind !== 'case.warned' && kind !== 'case.escalated') return []
  const key = asText(payload.clock)
  return [
    { label: '时限', value: isCaseClockKey(key) ? CASE_CLOCKS[key].label : key },
    { label: '提醒', value: MARKS[String(payload.mark)] ?? String(payload.mark) },
    {
      label: '报送',
      value: names.organizations.get(asText(payload.toOrganization)) ?? asText(payload.toOrganization),
    },
  ]
}

function textsOf({ kind, content }: HistoryEntry): TimelineEntry['texts'] {
  const event = eventOf(kind)
  const fields: readonly CaseField[] = event ? caseEventRule(event).fields : []
  return Object.entries(content ?? {}).map(([name, text]) => ({
    label: fields.find((field) => field.name === name)?.label ?? (name === 'words' ? '评价内容' : name),
    text,
  }))
}

/** Files that entries name, by id. */
export const fileIdsOf = (payload: HistoryEntry['payload']): string[] =>
  Array.isArray(payload.evidence)
    ? payload.evidence.map((file) => asText((file as Record<string, JsonValue> | null)?.fileId))
    : []

/** Accounts that entries name: who acted, and who was made verifier. */
export const accountIdsOf = (entries: HistoryEntry[]): string[] =>
  entries.flatMap(({ actor, payload }) =>
    [accountIdOf(actor) ?? [], typeof payload.verifier === 'string' ? payload.verifier : []].flat(),
  )

/** Organisations that entries name: those asked for, given to, or told. */
export const organizationIdsOf = (entries: HistoryEntry[]): string[] =>
  entries.flatMap(({ payload }) =>
    [payload.organization, payload.formerOrganizationId, payload.toOrganization, payload.reportedFor].filter(
      (id) => typeof id === 'string',
    ),
  )

/** The history of a case as officials read it. */
export const timelineOf = (
  subjectId: string,
  entries: HistoryEntry[],
  names: TimelineNames,
): TimelineEntry[] =>
  entries.map((entry) => ({
    subjectId,
    entryId: entry.entry_id,
    kind: entry.kind,
    label: entryLabel(entry.kind),
    at: entry.recorded_at.toISOString(),
    ...actorOf(entry, names),
    texts: textsOf(entry),
    facts: factsOf(entry, names),
    files: fileIdsOf(entry.payload).flatMap((id) => names.files.get(id) ?? []),
    position: entry.position,
  }))
