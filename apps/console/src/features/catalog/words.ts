import type { Option } from '../../directory.ts'

const options = (words: Record<string, string>): Option[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }))

export const ORGANIZATION_KINDS = options({
  city: '市',
  district: '县（市）区、开发区',
  authority: '政务服务管理机构',
  department: '部门',
  street: '街道（乡镇）',
})
/** 事项类型 (GB/T 39046 A.1) */
export const ITEM_KINDS = options({
  '01': '行政许可',
  '02': '行政处罚',
  '03': '行政强制',
  '04': '行政征收',
  '05': '行政给付',
  '06': '行政检查',
  '07': '行政确认',
  '08': '行政奖励',
  '09': '行政裁决',
  '10': '其他行政权力',
  '20': '公共服务',
})
/** 行使层级 (GB/T 39046 A.2) */
export const ITEM_LEVELS = options({
  1: '国家级',
  2: '省级',
  3: '市级',
  4: '县级',
  5: '镇（街道）级',
  6: '村（社区）级',
  7: '分级管理',
})
export const APPLICANTS = options({
  1: '自然人',
  2: '企业法人',
  3: '事业法人',
  4: '社会组织法人',
  5: '非法人企业',
  6: '行政机关',
  9: '其他组织',
})
export const PROMISES = options({ 即办件: '即办件', 承诺件: '承诺件' })
export const PLATFORM_KINDS = options({
  business_system: '业务系统',
  hotline: '热线',
  mobile: '移动端',
  self_service: '自助端',
  web: '网站',
})

/** The words for a code; the code itself when it has none. */
export const wordFor = (choices: readonly Option[], code: string): string =>
  choices.find((option) => option.value === code)?.label ?? code
