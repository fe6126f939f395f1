import type { Option } from '../../directory.ts'
import { type Organization, withinPlace } from '../../directory.ts'
import { can, session } from '../../session.ts'
import { APPLICANTS, ITEM_KINDS, ITEM_LEVELS, ORGANIZATION_KINDS, PLATFORM_KINDS, PROMISES } from './words.ts'

export type Cell = string | number | boolean | null
/** A row of any editable part of the directory. */
export type Row = Record<string, Cell>

/** One field of a row, as it is shown and edited. */
export interface Field {
  name: string
  title: string
  kind:
    | 'text'
    | 'long'
    /** entries joined by '|', one a line on screens */
    | 'lines'
    | 'whole'
    | 'flag'
    | 'choice'
    /** several codes joined by '|' */
    | 'choices'
    | 'organization'
    | 'region'
    | 'hall'
    | 'window'
  required?: true
  hint?: string
  options?: readonly Option[]
}

/** A part of the directory that is edited row by row. */
export interface Entity {
  name: EntityName
  title: string
  key: string
  fields: Field[]
}
export type EntityName = 'organizations' | 'halls' | 'windows' | 'platforms' | 'staff' | 'items' | 'guides'

const must = { required: true } as const
const active: Field = { name: 'active', title: '启用', kind: 'flag' }
const sample: Field = { name: 'sample', title: '示例数据', kind: 'flag' }
const CODE = '字母、数字、点、横线、下划线，最多 64 位；保存后不能修改'

export const ENTITIES: Record<EntityName, Entity> = {
  organizations: {
    name: 'organizations',
    title: '机构',
    key: 'id',
    fields: [
      { name: 'id', title: '机构标识', kind: 'text', ...must, hint: '小写字母、数字、横线；保存后不能修改' },
      { name: 'name', title: '机构名称', kind: 'text', ...must },
      { name: 'shortName', title: '简称', kind: 'text', ...must },
      { name: 'parentId', title: '上级机构', kind: 'organization' },
      { name: 'kind', title: '机构类型', kind: 'choice', ...must, options: ORGANIZATION_KINDS },
      { name: 'regionCode', title: '地区', kind: 'region', ...must },
      { name: 'uscc', title: '统一社会信用代码', kind: 'text', hint: '18 位，可以留空' },
      { name: 'isManagementBody', title: '政务服务管理机构', kind: 'flag', hint: '确认本级“不予采纳”的机构' },
      { name: 'sort', title: '排序', kind: 'whole', hint: '数字小的排在前面' },
      active,
    ],
  },
  halls: {
    name: 'halls',
    title: '政务大厅',
    key: 'code',
    fields: [
      { name: 'code', title: '大厅编码', kind: 'text', ...must, hint: CODE },
      { name: 'name', title: '大厅名称', kind: 'text', ...must },
      { name: 'organizationId', title: '所属机构', kind: 'organization', ...must },
      { name: 'regionCode', title: '地区', kind: 'region', ...must },
      { name: 'address', title: '地址', kind: 'text' },
      { name: 'openingHours', title: '办公时间', kind: 'text' },
      { name: 'saturdayOpen', title: '周六办公', kind: 'flag' },
      active,
    ],
  },
  windows: {
    name: 'windows',
    title: '窗口',
    key: 'code',
    fields: [
      { name: 'code', title: '窗口编码', kind: 'text', ...must, hint: CODE },
      { name: 'name', title: '窗口名称', kind: 'text', ...must },
      { name: 'hallCode', title: '所在大厅', kind: 'hall', ...must },
      { name: 'organizationId', title: '办理机构', kind: 'organization', ...must },
      { name: 'sort', title: '排序', kind: 'whole', hint: '数字小的排在前面' },
      active,
    ],
  },
  platforms: {
    name: 'platforms',
    title: '服务平台',
    key: 'code',
    fields: [
      { name: 'code', title: '平台编码', kind: 'text', ...must, hint: CODE },
      { name: 'name', title: '平台名称', kind: 'text', ...must },
      { name: 'kind', title: '平台类型', kind: 'choice', ...must, options: PLATFORM_KINDS },
      { name: 'organizationId', title: '主管机构', kind: 'organization', ...must },
      { name: 'url', title: '网址', kind: 'text' },
      active,
    ],
  },
  staff: {
    name: 'staff',
    title: '工作人员',
    key: 'number',
    fields: [
      { name: 'number', title: '工号', kind: 'text', ...must, hint: CODE },
      { name: 'displayName', title: '对外显示姓名', kind: 'text', ...must },
      { name: 'organizationId', title: '所属机构', kind: 'organization', ...must },
      { name: 'windowCode', title: '窗口', kind: 'window' },
      sample,
      active,
    ],
  },
  items: {
    name: 'items',
    title: '政务服务事项',
    key: 'code',
    fields: [
      {
        name: 'code',
        title: '实施编码',
        kind: 'text',
        ...must,
        hint: '数字和字母，最多 64 位；保存后不能修改',
      },
      { name: 'name', title: '事项名称', kind: 'text', ...must },
      { name: 'organizationId', title: '实施机构', kind: 'organization', ...must },
      { name: 'kind', title: '事项类型', kind: 'choice', ...must, options: ITEM_KINDS },
      { name: 'level', title: '行使层级', kind: 'choice', ...must, options: ITEM_LEVELS },
      { name: 'handlingItemCode', title: '业务办理项编码', kind: 'text' },
      { name: 'applicantType', title: '服务对象', kind: 'choices', options: APPLICANTS },
      { name: 'promiseKind', title: '办件类型', kind: 'choice', options: PROMISES },
      { name: 'statutoryDays', title: '法定办结时限（工作日）', kind: 'whole' },
      { name: 'promiseDays', title: '承诺办结时限（工作日）', kind: 'whole' },
      { name: 'visitsNeeded', title: '到现场次数', kind: 'whole' },
      { name: 'fee', title: '收费', kind: 'flag' },
      { name: 'online', title: '可网上办理', kind: 'flag' },
      { name: 'legalBasis', title: '设定依据', kind: 'long' },
      sample,
      active,
    ],
  },
  guides: {
    name: 'guides',
    title: '办事指南',
    key: 'itemCode',
    fields: [
      { name: 'itemCode', title: '实施编码', kind: 'text', ...must },
      { name: 'acceptingBody', title: '受理机构', kind: 'text', ...must },
      { name: 'channels', title: '办理渠道', kind: 'lines', ...must },
      { name: 'conditions', title: '受理条件', kind: 'lines', ...must },
      { name: 'materials', title: '申请材料', kind: 'lines', ...must },
      { name: 'process', title: '办理流程', kind: 'lines', ...must },
      { name: 'timeLimit', title: '办理时限', kind: 'long', ...must },
      { name: 'feeBasis', title: '收费依据', kind: 'long', ...must },
      { name: 'feeStandard', title: '收费标准', kind: 'long', ...must },
      { name: 'evaluationChannels', title: '评价渠道', kind: 'lines', ...must },
      { name: 'phone', title: '咨询电话', kind: 'text' },
      sample,
    ],
  },
}

/** Whether the official stands at the root of the tree: only from there is the whole city's directory kept. */
const atRoot = () => session.official?.organizationPath.split('/').length === 3

/** Whether the signed-in official may edit what stands at an organisation; the server checks it again. */
export function mayEdit(organization: Organization | undefined): boolean {
  if (!can('catalog.edit')) return false
  return atRoot() || (organization !== undefined && withinPlace(organization.path))
}

/** 'organization_id' → 'organizationId': versions are kept by the names of the table's columns. */
export const camelRow = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      cell,
    ]),
  )

/** One version a row had, or has. */
export interface Version {
  version: number
  content: Row
  actorLabel: string
  changedAt: string
}
