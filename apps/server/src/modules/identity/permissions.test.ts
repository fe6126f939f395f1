import { describe, expect, it } from 'vitest'
import { isRole, PERMISSIONS, permissionsOf, ROLES, type Role } from './permissions.ts'

const roles = Object.keys(ROLES) as Role[]
const may = (role: Role, permission: string) => permissionsOf(role).some((one) => one === permission)
const who = (permission: string) => roles.filter((role) => may(role, permission))

describe('the roles', () => {
  it('hold every permission there is, and none there is not', () => {
    expect(new Set(roles.flatMap(permissionsOf))).toEqual(new Set(PERMISSIONS))
  })

  it('never hold administration, audit and cases together (GB/T 22239)', () => {
    expect(who('accounts.manage')).toEqual(['system_administrator'])
    expect(who('journal.read')).toEqual(['auditor'])
    for (const permission of ['cases.read', 'evaluations.read', 'identities.reveal'])
      expect(may('system_administrator', permission)).toBe(false)
  })

  it('let the auditor change nothing', () => {
    expect(permissionsOf('auditor').filter((one) => !one.endsWith('.read'))).toEqual([])
  })

  it('let nobody confirm what they handle themselves (R15)', () => {
    expect(who('cases.handle').filter((role) => may(role, 'cases.manage'))).toEqual([])
  })

  it('open names only to those who call: back, for the survey, for a spot check (R17, R20, R28), never to whoever is rated', () => {
    const calling = [...who('cases.handle'), ...who('cases.manage')]
    expect(who('identities.reveal')).toEqual(calling)
    expect(permissionsOf('window_staff')).toEqual([
      'appeals.read',
      'appeals.file',
      'evaluations.read',
      'catalog.read',
    ])
  })

  it('are told from other words', () => {
    expect(isRole('handler')).toBe(true)
    for (const word of ['', 'toString', '__proto__', 'HANDLER']) expect(isRole(word)).toBe(false)
  })
})
