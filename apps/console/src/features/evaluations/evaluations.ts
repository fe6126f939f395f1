import { api } from '../../api.ts'
import type { FilterField } from '../../components/filters.ts'
import { yesNo } from '../../components/filters.ts'
import type { Person } from '../../components/identity.ts'
import { directory, ownRegions, type ServiceItem, withinPlace } from '../../directory.ts'

/** A rating in the list. */
export interface EvaluationRow {
  evaluationId: string
  receiptNumber: string
  level: number
  levelLabel: string
  hallLevel: number | null
  hallLevelLabel: string | null
  negative: boolean
  itemName: string
  organizationName: string
  regionName: string
  hallName: string | null
  windowName: string | null
  staffName: string | null
  channelLabel: string
  /** null to whoever was rated, who is told the day alone */
  submittedAt: string | null
  ratedOn: string
  realName: boolean
  hasWords: boolean
  caseState: string | null
  caseStateLabel: string | null
}

/** One rating with all an official may see of it. */
export interface EvaluationDetail extends EvaluationRow {
  /** seen by whoever was rated: masked by rule */
  redacted: boolean
  options: { code: string; label: string }[]
  words: string | null
  doNotContact: boolean
  /** the one rating after rectification, beside the first */
  followUp: {
    level: number
    levelLabel: string
    hallLevel: number | null
    hallLevelLabel: string | null
    options: { code: string; label: string }[]
    words: string | null
    submittedAt: string | null
    ratedOn: string
  } | null
  evaluatorMasked: Person | null
  affair: {
    affairNumber: string | null
    affairName: string | null
    stage: string
    servedAt: string | null
    windowName: string | null
    hallName: string | null
    staffName: string | null
  } | null
  proof: { position: number | null; sealed: boolean }
}

const LEVELS = [
  { value: '5', label: '非常满意' },
  { value: '4', label: '满意' },
  { value: '3', label: '基本满意' },
  { value: '2', label: '不满意' },
  { value: '1', label: '非常不满意' },
]
const CHANNELS = ['PC 端', '移动端', '二维码', '大厅平板', '自助终端', '电话', '短信'].map((label, i) => ({
  value: String(i + 1),
  label,
}))

async function ownHalls() {
  const organizations = new Map((await directory.organizations.get()).map((o) => [o.id, o]))
  return (await directory.halls.get())
    .filter((hall) => withinPlace(organizations.get(hall.organizationId)?.path ?? ''))
    .map((hall) => ({ value: hall.code, label: hall.name }))
}
const windowsOf = async (hall: string | undefined) =>
  hall === undefined
    ? []
    : (await directory.windows.get())
        .filter((window) => window.hallCode === hall)
        .map((window) => ({ value: window.code, label: window.name }))

/** Everything a list of ratings may be narrowed by. */
export const FILTERS: FilterField[] = [
  { kind: 'period', from: 'from', to: 'to', label: '评价时间' },
  { kind: 'choice', key: 'level', label: '办理满意度', options: LEVELS, multiple: true },
  { kind: 'choice', key: 'negative', label: '好差评', options: yesNo('只看差评', '只看好评') },
  { kind: 'choice', key: 'words', label: '文字', options: yesNo('有文字', '没有文字') },
  {
    kind: 'choice',
    key: 'region',
    label: '地区',
    load: async () => (await ownRegions()).map((region) => ({ value: region.code, label: region.name })),
  },
  { kind: 'organization', key: 'organization', label: '机构（含下级）' },
  { kind: 'choice', key: 'hall', label: '大厅', load: ownHalls },
  { kind: 'choice', key: 'window', label: '窗口', dependsOn: 'hall', before: '先选大厅', load: windowsOf },
  {
    kind: 'lookup',
    key: 'item',
    label: '事项',
    find: async (q) =>
      (await api.get<{ items: ServiceItem[] }>('/api/v1/catalog/items', { q, pageSize: 20 })).items.map(
        ({ code, name }) => ({ value: code, label: `${name}（${code}）` }),
      ),
    name: async (code) =>
      (await api.get<ServiceItem>(`/api/v1/catalog/items/${encodeURIComponent(code)}`)).name,
  },
  { kind: 'choice', key: 'channel', label: '渠道', options: CHANNELS },
  { kind: 'text', key: 'receipt', label: '回执编号', placeholder: 'PJ20261124-…' },
]
