import { computed, reactive } from 'vue'
import { ApiProblem, api, client } from './api.ts'

/** Everything an official may be allowed to do; the server decides, the screens only hide what it would refuse. */
export type Permission =
  | 'summaries.read'
  | 'summaries.prepare'
  | 'summaries.manage'
  | 'appeals.read'
  | 'appeals.file'
  | 'appeals.decide'
  | 'cases.read'
  | 'cases.handle'
  | 'cases.manage'
  | 'complaints.read'
  | 'complaints.register'
  | 'evaluations.read'
  | 'identities.reveal'
  | 'catalog.read'
  | 'catalog.edit'
  | 'dashboard.read'
  | 'accounts.manage'
  | 'journal.read'
  | 'messages.read'
  | 'messages.manage'
  | 'policies.read'
  | 'policies.edit'
  | 'supervision.read'
  | 'supervision.manage'
  | 'supervision.answer'
  | 'retaliation.read'
  | 'registers.read'

export type Role =
  | 'window_staff'
  | 'handler'
  | 'organization_head'
  | 'district_authority'
  | 'city_authority'
  | 'auditor'
  | 'system_administrator'

/** The signed-in official. */
export interface Official {
  accountId: string
  username: string
  displayName: string
  role: Role
  roleLabel: string
  organizationId: string
  organizationName: string
  organizationPath: string
  staffNumber?: string
  permissions: Permission[]
  mustChangePassword: boolean
}

interface SessionBody {
  official: Official
  csrfToken: string
  mode: 'demo' | 'production'
}

/** Who is signed in; null when nobody is. `known` once the server has been asked. */
export const session = reactive({
  official: null as Official | null,
  mode: 'production' as 'demo' | 'production',
  known: false,
})

function take(body: SessionBody): void {
  session.official = body.official
  session.mode = body.mode
  session.known = true
  client.csrfToken = body.csrfToken
}

function forget(): void {
  session.official = null
  session.known = true
  client.csrfToken = ''
}

/** Asks the server, once, who is signed in. @throws ApiProblem when it cannot be asked */
export async function loadSession(): Promise<void> {
  if (session.known) return
  try {
    take(await api.get<SessionBody>('/api/v1/session'))
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error
    forget()
  }
}

/** @throws ApiProblem sign-in-failed, account-locked, with the words to show */
export const signIn = async (username: string, password: string): Promise<void> =>
  take(await api.post<SessionBody>('/api/v1/session', { username, password }))

/** Ends the session here even when the server cannot be told. */
export async function signOut(): Promise<void> {
  await api.delete('/api/v1/session').catch(() => undefined)
  forget()
}

/** Changes one's own password. The server ends all sessions of the account: one signs in anew. */
export async function changePassword(current: string, next: string): Promise<void> {
  await api.post('/api/v1/session/password', { current, next })
  forget()
}

/** Called when the server says that the session is over. */
export const sessionOver = forget

/** Whether the official may do something. */
export const can = (permission: Permission): boolean =>
  session.official?.permissions.includes(permission) ?? false

/** The signed-in official, on screens that exist only for one. */
export const official = computed(() => session.official!)
