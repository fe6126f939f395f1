/** Everything an official may be allowed to do, by name. */
export const PERMISSIONS = [
  'appeals.read',
  'appeals.file',
  'appeals.decide',
  'cases.read',
  'cases.handle',
  'cases.manage',
  'complaints.read',
  'complaints.register',
  'evaluations.read',
  'identities.reveal',
  'catalog.read',
  'catalog.edit',
  'dashboard.read',
  'accounts.manage',
  'journal.read',
  'messages.read',
  'messages.manage',
  'policies.read',
  'policies.edit',
  'supervision.read',
  'supervision.manage',
  'supervision.answer',
  'retaliation.read',
  'registers.read',
  'summaries.read',
  'summaries.prepare',
  'summaries.manage',
] as const
export type Permission = (typeof PERMISSIONS)[number]

interface RoleDefinition {
  label: string
  permissions: readonly Permission[]
}

/**
 * Roles are permissions × a place in the organisation tree. The auditor sees and changes nothing; the system
 * administrator runs accounts and the directory and sees no case: the three powers are not held together
 * (GB/T 22239, 权限分离).
 */
export const ROLES = {
  window_staff: {
    label: '窗口人员',
    permissions: ['appeals.read', 'appeals.file', 'evaluations.read', 'catalog.read'],
  },
  handler: {
    label: '经办人',
    permissions: [
      'appeals.read',
      'appeals.file',
      'cases.read',
      'cases.handle',
      'complaints.read',
      'evaluations.read',
      'identities.reveal',
      'catalog.read',
      'dashboard.read',
      'supervision.answer',
    ],
  },
  organization_head: {
    label: '单位负责人',
    permissions: [
      'appeals.read',
      'appeals.file',
      'cases.read',
      'cases.handle',
      'complaints.read',
      'complaints.register',
      'evaluations.read',
      'identities.reveal',
      'catalog.read',
      'catalog.edit',
      'dashboard.read',
      'supervision.read',
      'supervision.answer',
      'registers.read',
    ],
  },
  district_authority: {
    label: '县（市）区主管部门',
    permissions: [
      'appeals.read',
      'appeals.decide',
      'cases.read',
      'cases.manage',
      'complaints.read',
      'complaints.register',
      'evaluations.read',
      'identities.reveal',
      'catalog.read',
      'catalog.edit',
      'dashboard.read',
      'policies.read',
      'policies.edit',
      'supervision.read',
      'supervision.manage',
      'registers.read',
      'summaries.read',
      'summaries.prepare',
    ],
  },
  city_authority: {
    label: '市级主管部门',
    permissions: [
      'appeals.read',
      'appeals.decide',
      'cases.read',
      'cases.manage',
      'complaints.read',
      'complaints.register',
      'evaluations.read',
      'identities.reveal',
      'catalog.read',
      'catalog.edit',
      'dashboard.read',
      'policies.read',
      'policies.edit',
      'supervision.read',
      'supervision.manage',
      'retaliation.read',
      'registers.read',
      'summaries.read',
      'summaries.prepare',
      'summaries.manage',
    ],
  },
  auditor: {
    label: '审计员',
    permissions: [
      'appeals.read',
      'cases.read',
      'complaints.read',
      'evaluations.read',
      'catalog.read',
      'dashboard.read',
      'journal.read',
      'policies.read',
      'supervision.read',
      'registers.read',
      'summaries.read',
    ],
  },
  system_administrator: {
    label: '系统管理员',
    permissions: [
      'accounts.manage',
      'catalog.read',
      'catalog.edit',
      'messages.read',
      'messages.manage',
      'policies.read',
    ],
  },
} as const satisfies Record<string, RoleDefinition>

export type Role = keyof typeof ROLES
export const isRole = (text: string): text is Role => Object.hasOwn(ROLES, text)
export const permissionsOf = (role: Role): readonly Permission[] => ROLES[role].permissions
