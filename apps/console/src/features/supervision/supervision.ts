import type { KeptFile } from '../../components/files.ts'

/** Something a step of an order demands, as the server offers it. */
export interface StepField {
  name: string
  label: string
  type: 'text' | 'files'
  required: boolean
  maxLength?: number
}
export interface Step {
  event: string
  label: string
  confirm: string | null
  fields: StepField[]
}

/** One line of the list of orders. */
export interface OrderLine {
  /** the case it is about */
  id: string
  orderId: string
  kind: string
  kindLabel: string
  state: string
  stateLabel: string
  caseNumber: string
  itemName: string
  organizationName: string
  regionName: string
  issuerName: string
  issuedAt: string
  dueAt: string | null
  dueProvisional: boolean
  remainingWorkingDays: number | null
  overdue: boolean
  everOverdue: boolean
  answeredAt: string | null
  closedAt: string | null
  version: number
  actions: Step[]
}

/** An order with all that was said. */
export interface Order extends OrderLine {
  clock: { label: string; source: string; days: { date: string; counted: boolean; reason: string }[] }
  steps: {
    entryId: string
    label: string
    at: string
    actorLabel: string
    texts: { label: string; text: string }[]
    files: KeptFile[]
    position: number | null
  }[]
}

export interface OrderCounts {
  awaiting: number
  answered: number
  overdue: number
  listed: number
}

/** One case of a round of spot checks. */
export interface CheckItem {
  id: string
  place: number
  caseNumber: string
  itemName: string
  organizationName: string
  inspectorId: string | null
  inspectorName: string | null
  finding: string | null
  findingLabel: string | null
  foundAt: string | null
  reopened: boolean
  note: string | null
  files: KeptFile[]
  version: number
}

export interface CheckLine {
  checkId: string
  title: string
  method: string
  methodLabel: string
  selection: 'draw' | 'pick'
  state: 'planned' | 'drawn' | 'closed'
  stateLabel: string
  organizationName: string
  plannedAt: string
  drawnAt: string | null
  closedAt: string | null
  progress: { items: number; done: number; wrong: number }
  version: number
}

/** A round with its cases and how its draw can be repeated. */
export interface Check extends CheckLine {
  plannedByName: string
  filter: {
    from: string
    to: string
    organizationName: string | null
    regionName: string | null
    outcomeLabel: string | null
  } | null
  draw: {
    seed: string | null
    seedSource: 'random' | 'entered'
    seedCommitment: string
    percent: number | null
    size: number | null
    populationSize: number | null
    populationDigest: string | null
    /** of a round that is not drawn yet: how many cases there are now, how many it would take, or why it cannot */
    foreseen: { population: number; sample: number | null; problem: string | null } | null
  } | null
  items: CheckItem[]
  inspectors: { accountId: string; displayName: string }[]
  mayManage: boolean
}

/** All of supervision about one case. */
export interface CaseSupervision {
  id: string
  orders: Order[]
  findings: CheckItem[]
  mayOrder: boolean
}

/** A report of retaliation; what was said only where it was opened. */
export interface RetaliationReport {
  id: string
  reportId: string
  state: string
  stateLabel: string
  outcome: string | null
  outcomeLabel: string | null
  organizationName: string
  regionName: string
  reportedAt: string
  answeredAt: string | null
  version: number
  statement?: string | null
  contact?: string | null
  answer?: string | null
  answeredByName?: string | null
  caseNumber?: string | null
}

export const ORDER_KIND_OPTIONS = [
  { value: 'urge', label: '催办' },
  { value: 'supervise', label: '督办' },
  { value: 'listed', label: '挂牌督办' },
]
export const METHOD_OPTIONS = [
  { value: 'sample', label: '抽样检查' },
  { value: 'file', label: '调阅档案' },
  { value: 'site', label: '实地察看' },
  { value: 'call', label: '电话回访' },
]
export const FINDING_OPTIONS = [
  { value: 'none', label: '未发现问题' },
  { value: 'unresolved', label: '应解决而未解决' },
  { value: 'false_report', label: '谎报' },
  { value: 'concealed', label: '瞒报' },
]
export const CASE_OUTCOME_OPTIONS = [
  { value: 'solved', label: '评价人确认已解决' },
  { value: 'no_answer', label: '未收到评价人答复' },
  { value: 'not_adopted', label: '不予采纳' },
]
export const REPORT_OUTCOME_OPTIONS = [
  { value: 'confirmed', label: '情况属实，已处理' },
  { value: 'not_confirmed', label: '未发现打击报复' },
  { value: 'handed_over', label: '已移送纪检监察机关' },
]
