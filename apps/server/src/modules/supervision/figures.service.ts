import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import type { Tables } from '../../platform/tables.ts'
import { type Official, placeOf } from '../identity/official.ts'
import * as store from './figures.store.ts'
import type { SupervisionNames } from './orders.view.ts'

type Sums = Omit<store.SupervisionCounts, 'organization_id' | 'region_code'>

/** Orders and findings of one organisation, with its name. */
export interface OrganizationFigures extends Sums {
  organizationId: string
  organizationName: string
  regionCode: string
  regionName: string
}

const NOTHING: Sums = {
  orders: 0,
  ordersLate: 0,
  listed: 0,
  listedOpen: 0,
  listedAccepted: 0,
  checked: 0,
  unresolved: 0,
  falseReports: 0,
}
const NAMES = Object.keys(NOTHING) as (keyof Sums)[]

/** Adds counts up. */
export const totalOf = (rows: readonly Sums[]): Sums =>
  rows.reduce<Sums>(
    (sum, row) => Object.fromEntries(NAMES.map((name) => [name, sum[name] + row[name]])) as unknown as Sums,
    NOTHING,
  )

/** What supervision comes to by district and department; acts on organisations, so nobody who rated is in it (R19, P10). */
export function makeSupervisionFigures(app: App, { catalog }: Pick<SupervisionNames, 'catalog'>) {
  async function read(db: Kysely<Tables>): Promise<OrganizationFigures[]> {
    const found = new Map<string, Sums & { regionCode: string }>()
    const add = (row: { organization_id: string; region_code: string } & Partial<Sums>) => {
      const before = found.get(row.organization_id) ?? { ...NOTHING, regionCode: row.region_code }
      const more = Object.fromEntries(NAMES.map((name) => [name, before[name] + Number(row[name] ?? 0)]))
      found.set(row.organization_id, { ...(more as unknown as Sums), regionCode: row.region_code })
    }
    for (const row of await store.orderCounts(db)) add(row)
    for (const row of await store.findingCounts(db)) add(row)
    const rows = await Promise.all(
      [...found].map(async ([organizationId, sums]) => ({
        organizationId,
        organizationName: (await catalog.organization(organizationId))?.name ?? organizationId,
        regionName: (await catalog.region(sums.regionCode))?.name ?? sums.regionCode,
        ...sums,
      })),
    )
    return rows.sort(
      (a, b) =>
        b.falseReports - a.falseReports ||
        b.listed - a.listed ||
        b.orders - a.orders ||
        a.organizationId.localeCompare(b.organizationId),
    )
  }

  return {
    /** Within an official's place, all of it. */
    organizations: async (official: Official) => {
      const items = await asStaff(app.db, placeOf(official), read)
      return { items, total: totalOf(items) }
    },
    /** As everybody may read it: listed orders and findings, as counts. */
    publicFigures: async () => {
      const rows = await read(app.db.portal)
      const items = rows.filter((row) => row.listed > 0 || row.checked > 0)
      return { items, total: totalOf(items) }
    },
  }
}
