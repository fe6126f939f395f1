import {
  type Column,
  choice,
  day,
  ENTITY_NAMES,
  type EntityName,
  flag,
  itemCode,
  moment,
  pattern,
  regionCode,
  text,
  uscc,
  whole,
} from './catalog.columns.ts'

/** One entity of the directory: its table, what tells its rows apart, and its columns. */
export interface Entity {
  name: EntityName
  title: string
  table: string
  /** the columns that tell one row from another */
  key: readonly string[]
  columns: readonly Column[]
  /** the column that points to the row above, in the same entity */
  parent?: string
  /** how a row finds the organisation whose place decides who may edit it; none: only whoever runs the whole city */
  place?: { column: string; through: 'organizations' | 'items' }
  /**
   * counted: the table has a version column. listed: it has none, its history is in catalog_version alone.
   * appended: rows are never edited, a change is a new row (policies).
   */
  history: 'counted' | 'listed' | 'appended'
}

const must = { required: true } as const
const to = (reference: EntityName, required = true) => ({
  reference,
  required,
  ...(!required && { fallback: null }),
})
const code = pattern(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/, '字母、数字、点、横线、下划线，最多 64 位', null)
const organizationId = pattern(/^[a-z0-9-]{1,64}$/, '小写字母、数字、横线，最多 64 位', null)

const REGION_KINDS = {
  city: '市',
  district: '区',
  county: '县（市）',
  zone: '开发区',
  local_zone: '地方开发区',
}
const PLATFORM_KINDS = {
  business_system: '业务系统',
  hotline: '热线',
  mobile: '移动端',
  self_service: '自助端',
  web: '网站',
}

const definitions: Record<EntityName, Omit<Entity, 'name'>> = {
  regions: {
    title: '行政区划',
    table: 'region',
    key: ['code'],
    parent: 'parent_code',
    history: 'counted',
    columns: [
      regionCode('code', '区划代码', must),
      regionCode('parent_code', '上级区划代码', to('regions', false)),
      text(100)('name', '名称', must),
      choice(REGION_KINDS)('kind', '类型', must),
      flag(true)('official', '是否法定区划'),
      text(500)('note', '说明'),
    ],
  },
  organizations: {
    title: '机构',
    table: 'organization',
    key: ['id'],
    parent: 'parent_id',
    place: { column: 'id', through: 'organizations' },
    history: 'counted',
    columns: [
      organizationId('id', '机构标识', must),
      organizationId('parent_id', '上级机构标识', to('organizations', false)),
      text(200)('name', '机构名称', must),
      text(100)('short_name', '简称', must),
      text(50)('kind', '机构类型', must),
      regionCode('region_code', '区划代码', to('regions')),
      uscc('uscc', '统一社会信用代码'),
      flag(false)('is_management_body', '是否政务服务管理机构'),
      whole(0, 1_000_000, 0)('sort', '排序'),
      flag(true)('active', '是否启用'),
    ],
  },
  halls: {
    title: '政务大厅',
    table: 'hall',
    key: ['code'],
    place: { column: 'organization_id', through: 'organizations' },
    history: 'counted',
    columns: [
      code('code', '大厅编码', must),
      text(200)('name', '大厅名称', must),
      organizationId('organization_id', '所属机构标识', to('organizations')),
      regionCode('region_code', '区划代码', to('regions')),
      text(300)('address', '地址'),
      text(300)('opening_hours', '办公时间'),
      flag(false)('saturday_open', '周六是否办公'),
      flag(true)('active', '是否启用'),
    ],
  },
  windows: {
    title: '窗口',
    table: 'service_window',
    key: ['code'],
    place: { column: 'organization_id', through: 'organizations' },
    history: 'counted',
    columns: [
      code('code', '窗口编码', must),
      code('hall_code', '大厅编码', to('halls')),
      text(200)('name', '窗口名称', must),
      organizationId('organization_id', '办理机构标识', to('organizations')),
      whole(0, 1_000_000, 0)('sort', '排序'),
      flag(true)('active', '是否启用'),
    ],
  },
  platforms: {
    title: '服务平台',
    table: 'platform',
    key: ['code'],
    place: { column: 'organization_id', through: 'organizations' },
    history: 'counted',
    columns: [
      code('code', '平台编码', must),
      text(200)('name', '平台名称', must),
      choice(PLATFORM_KINDS)('kind', '平台类型', must),
      organizationId('organization_id', '主管机构标识', to('organizations')),
      text(500)('url', '网址'),
      flag(true)('active', '是否启用'),
    ],
  },
  staff: {
    title: '工作人员',
    table: 'staff_member',
    key: ['number'],
    place: { column: 'organization_id', through: 'organizations' },
    history: 'counted',
    columns: [
      code('number', '工号', must),
      text(50)('display_name', '对外显示姓名', must),
      organizationId('organization_id', '所属机构标识', to('organizations')),
      code('window_code', '窗口编码', to('windows', false)),
      flag(false)('sample', '是否示例数据'),
      flag(true)('active', '是否启用'),
    ],
  },
  items: {
    title: '政务服务事项',
    table: 'service_item',
    key: ['code'],
    place: { column: 'organization_id', through: 'organizations' },
    history: 'counted',
    columns: [
      itemCode('code', '实施编码', must),
      itemCode('handling_item_code', '业务办理项编码'),
      text(300)('name', '事项名称', must),
      text(50)('kind', '事项类型', must),
      organizationId('organization_id', '实施机构标识', to('organizations')),
      text(50)('level', '行使层级', must),
      text(100)('applicant_type', '服务对象'),
      text(50)('promise_kind', '办件类型'),
      whole(0, 3650)('statutory_days', '法定办结时限'),
      whole(0, 3650)('promise_days', '承诺办结时限'),
      whole(0, 100)('visits_needed', '到现场次数'),
      flag(false)('fee', '是否收费'),
      text(5000)('legal_basis', '设定依据'),
      flag(false)('online', '是否可网上办理'),
      flag(false)('sample', '是否示例数据'),
      flag(true)('active', '是否启用'),
    ],
  },
  guides: {
    title: '办事指南',
    table: 'service_guide',
    key: ['item_code'],
    place: { column: 'item_code', through: 'items' },
    history: 'counted',
    columns: [
      itemCode('item_code', '实施编码', to('items')),
      text(300)('accepting_body', '受理机构', must),
      text(2000)('channels', '办理渠道', must),
      text(8000)('conditions', '受理条件', must),
      text(8000)('materials', '申请材料', must),
      text(8000)('process', '办理流程', must),
      text(1000)('time_limit', '办理时限', must),
      text(4000)('fee_basis', '收费依据', must),
      text(4000)('fee_standard', '收费标准', must),
      text(2000)('evaluation_channels', '评价渠道', must),
      text(100)('phone', '咨询电话'),
      flag(false)('sample', '是否示例数据'),
    ],
  },
  'evaluation-options': {
    title: '评价选项',
    table: 'evaluation_option',
    key: ['scheme', 'version', 'code'],
    history: 'listed',
    columns: [
      code('scheme', '选项体系', must),
      code('version', '选项版本', must),
      whole(1, 5)('level', '满意度等级', must),
      code('code', '选项编码', must),
      text(200)('label', '选项内容', must),
      flag(false)('folded', '是否折叠'),
      flag(true)('in_use', '是否在用'),
    ],
  },
  'calendar-years': {
    title: '节假日安排年度',
    table: 'calendar_year',
    key: ['year'],
    history: 'listed',
    columns: [whole(2000, 2100)('year', '年度', must), text(500)('source', '依据文件', must)],
  },
  calendar: {
    title: '节假日与调休',
    table: 'calendar_day',
    key: ['day'],
    history: 'listed',
    columns: [
      day('day', '日期', must),
      choice({ holiday: '放假', workday: '上班' })('kind', '类型', must),
      text(50)('name', '名称'),
      whole(2000, 2100)('year', '年度', { ...must, reference: 'calendar-years' }),
    ],
  },
  policies: {
    title: '规则参数',
    table: 'policy',
    key: ['key', 'region_code', 'category', 'valid_from'],
    history: 'appended',
    columns: [
      pattern(/^[a-z][a-z0-9_]{1,63}$/, '小写字母、数字、下划线', null)('key', '参数', must),
      regionCode('region_code', '区划代码', to('regions')),
      text(50)('category', '事项类型'),
      whole(0, 1_000_000)('value', '数值', must),
      text(50)('unit', '单位', must),
      moment('valid_from', '生效时间', must),
      text(500)('source', '依据'),
      text(500)('note', '说明'),
    ],
  },
}

/** Every entity, by name. */
export const ENTITIES = Object.fromEntries(
  ENTITY_NAMES.map((name) => [name, { name, ...definitions[name] }]),
) as Record<EntityName, Entity>

/** Entities an official edits row by row; the others come from files or have a form of their own (policies). */
export const EDITABLE = ENTITY_NAMES.filter((name) => ENTITIES[name].history === 'counted')

/** 'organization_id' → 'organizationId': columns as they stand in JSON. */
export const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
