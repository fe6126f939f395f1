import type { Person } from '../../components/identity.ts'
import type { TimelineEntry } from '../../components/timeline.ts'

/** A supervision order that is open on a case. */
export interface OrderMark {
  kind: string
  label: string
  overdue: boolean
}

/** One line of a case list. */
export interface CaseRow {
  /** the evaluation the case belongs to; what a case is addressed by */
  id: string
  caseId: string
  caseNumber: string
  state: string
  stateLabel: string
  round: number
  /** of the rating; null where it is about a complaint, which the label then says */
  level: number | null
  levelLabel: string | null
  realName: boolean
  doNotContact: boolean
  organizationId: string
  organizationName: string
  regionName: string
  itemName: string
  openedAt: string
  stateSince: string
  /** of the clock that runs out next; several may run */
  dueAt: string | null
  dueClock: string | null
  dueClockLabel: string | null
  dueProvisional: boolean
  remainingWorkingDays: number | null
  overdue: boolean
  everOverdue: boolean
  verifierName: string | null
  mine: boolean
  version: number
  outcome: string | null
  outcomeLabel: string | null
  closedAt: string | null
}

/** How many open cases there are of a kind, and how many of them press. */
export interface DueCounts {
  open: number
  overdue: number
  today: number
  /** within three working days */
  soon: number
  /** until Sunday */
  week: number
}

/** Open cases by the clock that runs out next. */
export interface ClockCounts extends DueCounts {
  key: string
  label: string
  awaitsLabel: string
  /** the days are the citizen's: nobody is late, nothing is due */
  citizens: boolean
}

export interface CaseCounts extends DueCounts {
  mine: number
  /** in which the next act is one's own */
  turn: number
  byState: Record<string, number>
  byClock: ClockCounts[]
}

export interface CaseList {
  items: ListedCase[]
  /** counted up to a thousand; there are more when it is capped */
  total: number
  totalCapped: boolean
  /** what `after` goes on to; null on the last page */
  next: string | null
  /** what `after` goes back to; null where the page before is the first */
  previous: string | null
}

/** A case as a list has it: with the orders that are open on it. */
export interface ListedCase extends CaseRow {
  orders: OrderMark[]
}

/** How a deadline came about, day by day. */
export interface Clock {
  key: string
  label: string
  /** whose act it waits for */
  awaitsLabel: string
  startedAt: string
  /** null while it stands still */
  dueAt: string | null
  /** the day it runs to, where that was promised instead of counted */
  until?: string | null
  /** what was told before a correction of the calendar made it later */
  prolongedFrom?: string | null
  pauses: { from: string; to: string | null; reason: string }[]
  paused: boolean
  stoppedAt: string | null
  late: boolean
  provisional: boolean
  missingYears: number[]
  days: { date: string; counted: boolean; reason: string }[]
  policy: {
    key: string
    label: string
    value: number
    unit: string
    version: number
    regionName: string
    source: string
  }
}

/** Something an action demands. */
export interface CaseField {
  name: string
  label: string
  type: 'text' | 'date' | 'time' | 'choice' | 'files' | 'person' | 'organization' | 'evaluator'
  /** of an organisation: only those that handle the case with the lead */
  among?: 'co_handlers'
  hint?: string
  required: boolean
  maxLength?: number
  choices?: { value: string; label: string }[]
}

/** What the official may do with the case now, as the server offers it. */
export interface OfferedAction {
  event: string
  label: string
  confirm: string | null
  fields: CaseField[]
}

/** One call-back that was tried. */
export interface ContactAttempt {
  round: number
  recordedAt: string
  contactedAt: string | null
  mediumLabel: string | null
  resultLabel: string | null
  /** whom it was to, where several left a name */
  evaluator: string | null
  /** by the hours that hold now; null where no time was told */
  withinHours: boolean | null
  note: string | null
  by: string | null
}

export interface CaseDetail extends CaseRow {
  /** seen by whoever was rated: masked by rule, days for moments */
  redacted: boolean
  /** the rating that opened it; a case may be about a complaint and have none */
  evaluation: {
    receiptNumber: string
    level: number
    levelLabel: string | null
    hallLevel: number | null
    hallLevelLabel: string | null
    options: { code: string; label: string }[]
    words: string | null
    submittedAt: string | null
    ratedOn: string
    channelLabel: string
    realName: boolean
    doNotContact: boolean
    evaluatorMasked: Person | null
  } | null
  affair: {
    affairNumber: string | null
    affairName: string | null
    stage: string
    servedAt: string | null
    hallName: string | null
    windowName: string | null
    staffName: string | null
  } | null
  clock: Clock | null
  clocks: Clock[]
  parties: {
    organizationId: string
    organizationName: string
    kind: string
    kindLabel: string
    since: string
    until: string | null
    /** a co-handler's report of this round is in */
    reported: boolean
  }[]
  /** whoever left a name and is to be called back; told apart without saying who they are */
  persons: {
    id: string
    label: string
    doNotContact: boolean
    contacted: boolean
    attempts: number
    leftToday: number
  }[]
  /** between which hours one calls, how often a day, and whether it is within them now */
  calling: { from: number; to: number; perDay: number; open: boolean }
  sources: { kind: string; kindLabel: string; evaluationId: string | null; at: string }[]
  attempts: ContactAttempt[]
  extension: {
    requestedDate: string | null
    reason: string | null
    status: 'requested' | 'approved' | 'refused' | 'lapsed'
    statusLabel: string
    firstPromisedOn: string | null
    approved: number
  } | null
  transferTo: { id: string; name: string } | null
  falseReports: number
  timeline: TimelineEntry[]
  actions: OfferedAction[]
  verifiers: { accountId: string; displayName: string }[]
  reply: string | null
  promisedOn: string | null
  rejectionReasonLabel: string | null
}

/** The states a case is open in, in the order it walks through them. */
export const OPEN_STATES: readonly { value: string; label: string }[] = [
  { value: 'to_sign', label: '待签收' },
  { value: 'transfer_proposed', label: '拟改派' },
  { value: 'verifying', label: '核实中' },
  { value: 'waiting', label: '待评价人补充' },
  { value: 'fixing', label: '立行立改' },
  { value: 'promised', label: '限期整改' },
  { value: 'explaining', label: '解释说明' },
  { value: 'rejection_proposed', label: '拟不予采纳' },
  { value: 'feeding_back', label: '待反馈' },
  { value: 'resurvey', label: '待满意度测评' },
  { value: 'reopened', label: '待上级复核' },
]

/** What may be done to some cases at once, as the server offers it: each action with the cases it fits. */
export interface BulkOffer {
  ids: string[]
  actions: (OfferedAction & { ids: string[] })[]
  verifiers: { accountId: string; displayName: string; ids: string[] }[]
  coHandlers: { organizationId: string; organizationName: string; ids: string[] }[]
}
