import type { Kysely, Selectable } from 'kysely'
import type * as Table from '../../platform/tables.ts'
import { camel } from './catalog.entities.ts'
import * as store from './catalog.store.ts'

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S
/** A table's row with its columns spelled as in JSON. */
type RowOf<T> = { readonly [K in keyof Selectable<T> as Camel<K & string>]: Selectable<T>[K] }

export type Region = RowOf<Table.RegionTable>
export type Organization = RowOf<Table.OrganizationTable>
export type Hall = RowOf<Table.HallTable>
export type ServiceWindow = RowOf<Table.ServiceWindowTable>
export type ServicePlatform = RowOf<Table.PlatformTable>
export type StaffMember = RowOf<Table.StaffMemberTable>
export type ServiceItem = RowOf<Table.ServiceItemTable>
export type ServiceGuide = RowOf<Table.ServiceGuideTable>
export type EvaluationOption = RowOf<Table.EvaluationOptionTable>

/** The directory as it stood at one moment. */
export interface Snapshot {
  revision: string
  regions: ReadonlyMap<string, Region>
  organizations: ReadonlyMap<string, Organization>
  halls: ReadonlyMap<string, Hall>
  windows: ReadonlyMap<string, ServiceWindow>
  platforms: ReadonlyMap<string, ServicePlatform>
  staff: ReadonlyMap<string, StaffMember>
  items: ReadonlyMap<string, ServiceItem>
  options: readonly EvaluationOption[]
}

/** Spells the columns of a row as in JSON. */
export const camelRow = <T>(row: object): RowOf<T> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])) as RowOf<T>

const byKey = <T>(rows: object[], key: keyof RowOf<T>) =>
  new Map(
    rows.map((row) => {
      const spelled = camelRow<T>(row)
      return [spelled[key] as string, spelled]
    }),
  )

/** Reads the whole directory. */
export async function readSnapshot(db: Kysely<Table.Tables>): Promise<Snapshot> {
  // The mark first: a change that comes between is then seen at the next look.
  const revision = await store.revision(db)
  const rows = await store.directory(db)
  return {
    revision,
    regions: byKey<Table.RegionTable>(rows.regions, 'code'),
    organizations: byKey<Table.OrganizationTable>(rows.organizations, 'id'),
    halls: byKey<Table.HallTable>(rows.halls, 'code'),
    windows: byKey<Table.ServiceWindowTable>(rows.windows, 'code'),
    platforms: byKey<Table.PlatformTable>(rows.platforms, 'code'),
    staff: byKey<Table.StaffMemberTable>(rows.staff, 'number'),
    items: byKey<Table.ServiceItemTable>(rows.items, 'code'),
    options: rows.options.map((row) => camelRow<Table.EvaluationOptionTable>(row)),
  }
}

/** How long a copy of the directory may be used before its mark is compared again. */
export const FRESH_MS = 30_000

/** A value kept for a while, loaded by one caller at a time. */
export interface Kept<T> {
  get(): Promise<T>
  drop(): void
}

/**
 * Keeps what `load` gave for 30 seconds. `load` is handed the old value and may return it unchanged. The age is
 * measured by the machine's own clock: the domain's clock may stand still or jump in tests.
 */
export function keep<T>(load: (old: T | null) => Promise<T>): Kept<T> {
  let value: T | null = null
  let loadedAt = 0
  let loading: Promise<T> | null = null
  let round = 0
  return {
    get() {
      if (value !== null && performance.now() - loadedAt < FRESH_MS) return Promise.resolve(value)
      if (loading) return loading
      const mine = round
      const run: Promise<T> = load(value).then(
        (loaded) => {
          if (mine === round) [value, loadedAt, loading] = [loaded, performance.now(), null]
          return loaded
        },
        (error) => {
          if (mine === round) loading = null
          throw error
        },
      )
      loading = run
      return run
    },
    drop() {
      round++
      value = null
      loading = null
    },
  }
}
