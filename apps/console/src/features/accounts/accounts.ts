import type { Role } from '../../session.ts'

/** An account as the administrator sees it. */
export interface Account {
  accountId: string
  username: string
  displayName: string
  role: Role
  roleLabel: string
  organizationId: string
  staffNumber: string | null
  active: boolean
  lockedUntil: string | null
  demo: boolean
}

export const ROLES: { value: Role; label: string; may: string }[] = [
  { value: 'window_staff', label: '窗口人员', may: '查看与本人有关的评价' },
  { value: 'handler', label: '经办人', may: '签收、核实、整改和答复本单位的差评件' },
  { value: 'organization_head', label: '单位负责人', may: '同经办人，并维护本单位的目录' },
  {
    value: 'district_authority',
    label: '县（市）区主管部门',
    may: '督办本地区的差评件，维护本地区的目录和规则参数',
  },
  { value: 'city_authority', label: '市级主管部门', may: '督办全市的差评件，维护全市的目录和规则参数' },
  { value: 'auditor', label: '审计员', may: '查看全部记录和审计日志，不能修改任何内容' },
  { value: 'system_administrator', label: '系统管理员', may: '管理账号和目录，看不到评价和差评件' },
]

/** A password that meets the rule, without letters that are mistaken for one another. */
export function madePassword(): string {
  const sets = ['abcdefghjkmnpqrstuvwxyz', 'ABCDEFGHJKMNPQRSTUVWXYZ', '23456789']
  const all = sets.join('')
  const pick = (from: string) => {
    // Values above the greatest multiple would make the first letters likelier.
    const limit = 256 - (256 % from.length)
    for (;;) {
      const [byte] = crypto.getRandomValues(new Uint8Array(1))
      if (byte! < limit) return from[byte! % from.length]!
    }
  }
  const letters = [...sets.map(pick), ...Array.from({ length: 13 }, () => pick(all))]
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
