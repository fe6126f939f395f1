import { api } from './api.ts'
import { session } from './session.ts'

export interface Region {
  code: string
  parentCode: string | null
  name: string
}
export interface Organization {
  id: string
  parentId: string | null
  path: string
  name: string
  shortName: string
  kind: string
  regionCode: string
  uscc: string
  isManagementBody: boolean
  sort: number
  active: boolean
  version: number
}
export interface Hall {
  code: string
  name: string
  organizationId: string
  regionCode: string
  address: string
  openingHours: string
  saturdayOpen: boolean
  active: boolean
  version: number
}
export interface ServiceWindow {
  code: string
  hallCode: string
  name: string
  organizationId: string
  sort: number
  active: boolean
  version: number
}
export interface StaffMember {
  number: string
  displayName: string
  organizationId: string
  windowCode: string | null
  sample: boolean
  active: boolean
  version: number
}
export interface ServiceItem {
  code: string
  handlingItemCode: string
  name: string
  kind: string
  organizationId: string
  level: string
  applicantType: string
  promiseKind: string
  statutoryDays: number | null
  promiseDays: number | null
  visitsNeeded: number | null
  fee: boolean
  legalBasis: string
  online: boolean
  sample: boolean
  active: boolean
  version: number
}

/** A value to choose and the words it is shown by. */
export interface Option {
  value: string
  label: string
}

/** Keeps one answer for the time the page is open; a change of the directory made here drops it. */
function kept<T>(load: () => Promise<T>) {
  let answer: Promise<T> | null = null
  return {
    get(): Promise<T> {
      answer ??= load().catch((error) => {
        answer = null
        throw error
      })
      return answer
    },
    drop() {
      answer = null
    },
  }
}
const items = <T>(path: string) =>
  kept(async () => (await api.get<{ items: T[] }>(`/api/v1/catalog/${path}`)).items)

/** The directory as the pickers and lists of the console use it. */
export const directory = {
  regions: items<Region>('regions'),
  organizations: items<Organization>('organizations'),
  halls: items<Hall>('halls'),
  windows: items<ServiceWindow>('windows'),
  staff: items<StaffMember>('staff'),
}

/** Called after every change of the directory made from here, and when somebody else signs in. */
export function forgetDirectory(): void {
  for (const part of Object.values(directory)) part.drop()
}

/** Whether something at this path lies within the signed-in official's place. */
export const withinPlace = (path: string): boolean =>
  session.official !== null && path.startsWith(session.official.organizationPath)

/** Organisations within the official's place. */
export const ownOrganizations = async (): Promise<Organization[]> =>
  (await directory.organizations.get()).filter((o) => withinPlace(o.path))

/** Regions of the organisations within the official's place. */
export async function ownRegions(): Promise<Region[]> {
  const codes = new Set((await ownOrganizations()).map((o) => o.regionCode))
  return (await directory.regions.get()).filter((region) => codes.has(region.code))
}
