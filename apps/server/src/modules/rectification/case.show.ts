import {
  CASE_ACTORS,
  CASE_CLOCKS,
  CASE_SOURCES,
  type CasePerson,
  caseEventRule,
  isPaused,
  POLICY_DEFAULTS,
} from '@haochaping/rules'
import { shanghaiDay } from '../../platform/time.ts'
import type { CaseParty, CaseSource } from './case.parties.store.ts'
import { type CaseClock, type CaseRow, mainClock } from './case.ts'
import type { HistoryEntry } from './rectification.store.ts'

/** Names of the directory that a case is shown with. */
export interface ShowNames {
  organization(id: string): Promise<{ name: string } | undefined>
  region(code: string): Promise<{ name: string } | undefined>
}

/** A clock of a case with how it came about, day by day. */
export async function clockView(clock: CaseClock, names: ShowNames) {
  const { key, value, unit, version, source } = clock
  const { label, policy, awaits } = CASE_CLOCKS[key]
  const regionName = (await names.region(clock.regionCode))?.name ?? clock.regionCode
  return {
    key,
    label,
    awaits,
    awaitsLabel: CASE_ACTORS[awaits],
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    until: clock.until,
    pauses: clock.pauses,
    paused: clock.stoppedAt === null && isPaused(clock),
    stoppedAt: clock.stoppedAt,
    late: clock.late,
    provisional: clock.provisional,
    missingYears: clock.missingYears,
    prolongedFrom: clock.prolongedFrom ?? null,
    fired: clock.fired,
    days: clock.days,
    policy: { key: policy, label: POLICY_DEFAULTS[policy].label, value, unit, version, regionName, source },
  }
}

/** The clock a case is named by, as it has always been shown; null where none runs. */
export async function mainClockView(row: CaseRow, names: ShowNames) {
  const clock = mainClock(row)
  if (!clock || !row.due_at) return null
  const view = await clockView(clock, names)
  return { ...view, dueAt: row.due_at.toISOString(), provisional: row.due_provisional }
}

/** Organisations beside the lead, those of now and those of before. */
export const partiesView = (rows: CaseParty[], reported: readonly string[], names: ShowNames) =>
  Promise.all(
    rows.map(async (row) => ({
      organizationId: row.organization_id,
      organizationName: (await names.organization(row.organization_id))?.name ?? row.organization_id,
      kind: row.kind,
      kindLabel: row.kind === 'co' ? '协办单位' : '原办理单位',
      since: row.since.toISOString(),
      until: row.until?.toISOString() ?? null,
      /** its report of this round is in */
      reported: row.kind === 'co' && row.until === null && reported.includes(row.organization_path),
    })),
  )

/** What a case came from and what was joined to it. */
export const sourcesView = (rows: CaseSource[]) =>
  rows.map((row) => ({
    kind: row.kind,
    kindLabel: CASE_SOURCES[row.kind as keyof typeof CASE_SOURCES] ?? row.kind,
    evaluationId: row.source_evaluation_id,
    at: row.at.toISOString(),
  }))

/** Whoever left a name and is to be called back, told from the others without saying who they are (R20). */
export const personsView = (persons: readonly CasePerson[], sources: CaseSource[]) =>
  persons.map((person, n) => {
    const source = sources.find((each) => each.source_evaluation_id === person.id)
    const kind = CASE_SOURCES[source?.kind as keyof typeof CASE_SOURCES] ?? '差评'
    return {
      ...person,
      label: `评价人 ${n + 1}（${kind}${source ? `，${shanghaiDay(source.at)}` : ''}）`,
    }
  })

const text = (value: unknown) => (typeof value === 'string' ? value : null)
const choiceLabel = (name: string, value: string | null) =>
  caseEventRule('record_contact')
    .fields.find((field) => field.name === name)
    ?.choices?.find((choice) => choice.value === value)?.label ?? value

/** Every call-back that was tried, with its result (R20). */
export const attemptsView = (
  entries: HistoryEntry[],
  accountOf: (actor: string) => string | null,
  evaluators: ReadonlyMap<string, string>,
) =>
  entries
    .filter((entry) => entry.kind === 'case.record_contact')
    .map(({ payload, recorded_at, actor, content }) => ({
      round: typeof payload.round === 'number' ? payload.round : 1,
      recordedAt: recorded_at.toISOString(),
      contactedAt: text(payload.contactedAt),
      medium: text(payload.medium),
      mediumLabel: choiceLabel('medium', text(payload.medium)),
      result: text(payload.result),
      resultLabel: choiceLabel('result', text(payload.result)),
      /** whom, where several left a name */
      evaluator: evaluators.get(text(payload.evaluator) ?? '') ?? null,
      note: content?.note ?? null,
      by: accountOf(actor),
    }))

const EXTENSIONS = {
  requested: '等待审批',
  approved: '已批准',
  refused: '未批准',
  lapsed: '提前完成，不再需要',
}

/** The later date that was asked for last, and what became of it. */
export function extensionView(row: CaseRow, entries: HistoryEntry[]) {
  if (row.extension_status === null) return null
  const asked = entries.findLast((entry) => entry.kind === 'case.request_extension')
  return {
    requestedDate: row.extension_until,
    requestedAt: asked?.recorded_at.toISOString() ?? null,
    reason: asked?.content?.reason ?? null,
    status: row.extension_status,
    statusLabel: EXTENSIONS[row.extension_status],
    firstPromisedOn: row.first_promised_on,
    approved: row.extensions,
  }
}
