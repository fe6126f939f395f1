import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../platform/tables.ts'

type Db = Kysely<Tables>

/** What supervision comes to at one organisation. */
export interface SupervisionCounts {
  organization_id: string
  region_code: string
  orders: number
  ordersLate: number
  listed: number
  listedOpen: number
  listedAccepted: number
  checked: number
  unresolved: number
  falseReports: number
}

/** Orders by organisation. The public's connection sees listed ones only. */
export const orderCounts = (db: Db) =>
  db
    .selectFrom('supervision_order')
    .select([
      'organization_id',
      'region_code',
      sql<number>`count(*)`.as('orders'),
      sql<number>`count(*) filter (where ever_overdue)`.as('ordersLate'),
      sql<number>`count(*) filter (where kind = 'listed' and state <> 'withdrawn')`.as('listed'),
      sql<number>`count(*) filter (where kind = 'listed' and state not in ('accepted', 'withdrawn'))`.as(
        'listedOpen',
      ),
      sql<number>`count(*) filter (where kind = 'listed' and state = 'accepted')`.as('listedAccepted'),
    ])
    .groupBy(['organization_id', 'region_code'])
    .execute()

/** What spot checks found, by organisation. */
export const findingCounts = (db: Db) =>
  db
    .selectFrom('spot_check_item')
    .select([
      'organization_id',
      'region_code',
      sql<number>`count(finding)`.as('checked'),
      sql<number>`count(*) filter (where finding = 'unresolved')`.as('unresolved'),
      sql<number>`count(*) filter (where finding in ('false_report', 'concealed'))`.as('falseReports'),
    ])
    .where('finding', 'is not', null)
    .groupBy(['organization_id', 'region_code'])
    .execute()
