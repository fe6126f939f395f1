import type { Permission, Role } from './permissions.ts'

/** A signed-in official: who, in which role, at which place. */
export interface Official {
  accountId: string
  username: string
  displayName: string
  role: Role
  roleLabel: string
  organizationId: string
  organizationName: string
  organizationPath: string
  /** only for window staff: their own ratings are all they see */
  staffNumber: string | undefined
  permissions: readonly Permission[]
  mustChangePassword: boolean
}

/** The place row-level security reads. */
export const placeOf = (official: Official) => ({
  path: official.organizationPath,
  staffNumber: official.role === 'window_staff' ? official.staffNumber : undefined,
})

/** True for the very person who was rated, in whatever role they sign in: they learn no name and have no hand in their case (R28, R29). */
export const isRated = (official: Official, staffNumber: string): boolean =>
  staffNumber !== '' && official.staffNumber === staffNumber

/** The same of a case: it is about whoever the rating that opened it was of, and those joined to it (R14). */
export const isRatedIn = (
  official: Official,
  { staff_number, joined_staff }: { staff_number: string; joined_staff: readonly string[] },
): boolean => [staff_number, ...joined_staff].some((staffNumber) => isRated(official, staffNumber))

/** Whether a place is the root of the organisation tree: whoever stands there speaks for the whole city. */
export const isRoot = (path: string) => path.split('/').length === 3

const ACCOUNT = 'account:'

/** The name an official's acts stand under in the journal. */
export const actorOf = (official: Pick<Official, 'accountId'>) => `${ACCOUNT}${official.accountId}`

/** The account behind a name in the journal; null for citizens, partners and the system. */
export const accountIdOf = (actor: string): string | null =>
  actor.startsWith(ACCOUNT) ? actor.slice(ACCOUNT.length) : null
