import { api } from '../../api.ts'
import type { FilterField } from '../../components/filters.ts'
import type { Person } from '../../components/identity.ts'
import type { Option, ServiceItem } from '../../directory.ts'

/** The case a complaint belongs to: its own, or the one of the same affair that it was joined to. */
export interface ComplaintCase {
  caseId: string
  caseNumber: string
  state: string
  stateLabel: string
}

/** A complaint or an opinion in the list. */
export interface ComplaintRow {
  id: string
  complaintNumber: string
  kind: 'complaint' | 'opinion'
  kindLabel: string
  mediumLabel: string
  organizationName: string
  regionName: string
  itemName: string | null
  windowName: string | null
  staffName: string | null
  realName: boolean
  doNotContact: boolean
  receivedAt: string
  recordedAt: string
  case: ComplaintCase | null
}

/** One with all an official may see of it. */
export interface ComplaintDetail extends ComplaintRow {
  /** seen by whoever it is about: masked by rule */
  redacted: boolean
  sourceNumber: string | null
  affairNumber: string | null
  words: string | null
  personMasked: Person | null
  proof: { position: number | null; sealed: boolean }
}

export const KINDS: Option[] = [
  { value: 'complaint', label: '投诉' },
  { value: 'opinion', label: '意见建议' },
]
export const MEDIA: Option[] = [
  { value: 'hotline', label: '12345 热线' },
  { value: 'opinion_box', label: '意见箱' },
  { value: 'platform', label: '监督平台' },
  { value: 'mail', label: '电子邮箱' },
  { value: 'visit', label: '来访' },
  { value: 'other', label: '其他' },
]

/** Items of the directory by words of their name or by code. */
export const findItems = async (q: string): Promise<Option[]> =>
  (await api.get<{ items: ServiceItem[] }>('/api/v1/catalog/items', { q, pageSize: 20 })).items.map(
    ({ code, name }) => ({ value: code, label: `${name}（${code}）` }),
  )

/** Everything a list of complaints may be narrowed by. */
export const FILTERS: FilterField[] = [
  { kind: 'period', from: 'from', to: 'to', label: '登记时间' },
  { kind: 'choice', key: 'kind', label: '类别', options: KINDS },
  { kind: 'choice', key: 'medium', label: '来源渠道', options: MEDIA },
  { kind: 'organization', key: 'organization', label: '机构（含下级）' },
  { kind: 'text', key: 'number', label: '编号', placeholder: '受理编号或来源编号' },
]
