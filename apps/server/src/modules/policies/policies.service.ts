import { makeCalendar } from '@haochaping/rules'
import type { Selectable } from 'kysely'
import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { forbidden, notFound, Problem } from '../../platform/problem.ts'
import type { PolicyTable } from '../../platform/tables.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { keep } from '../catalog/catalog.snapshot.ts'
import { actorOf, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import { POLICY_KEYS } from './policies.keys.ts'
import { inForce, loosened } from './policies.limits.ts'
import type { PolicyChange } from './policies.schema.ts'
import * as store from './policies.store.ts'

/** A number as it applies to a region at a moment. */
export interface PolicyValue {
  value: number
  unit: string
  version: number
  /** the region whose rule it is: the one asked for, or one above it */
  regionCode: string
  label: string
  source: string
}

/** One version of a number, as stored. */
interface Policy {
  key: string
  regionCode: string
  version: number
  value: number
  unit: string
  validFrom: Date
  source: string
  note: string
  changedBy: string
}

export type PoliciesService = ReturnType<typeof makePoliciesService>

const asPolicy = (row: Selectable<PolicyTable>): Policy => ({
  key: row.key,
  regionCode: row.region_code,
  version: row.version,
  value: row.value,
  unit: row.unit,
  validFrom: row.valid_from,
  source: row.source,
  note: row.note,
  changedBy: row.changed_by,
})

const labelOf = (key: string) => POLICY_KEYS[key]?.label ?? key

/** The numbers of the rules and the working calendar, each with the versions it had. */
export function makePoliciesService(app: App, { catalog }: { catalog: CatalogService }) {
  const { db } = app
  // As in the catalog: through the portal's pool, because whoever asks may be inside a transaction of another one.
  const kept = keep(async () => {
    const [years, days] = [await store.calendarYears(db.portal), await store.calendarDays(db.portal)]
    return {
      policies: (await store.policies(db.portal)).map(asPolicy),
      years,
      days,
      calendar: makeCalendar(
        days.map(({ day, kind, name }) => ({
          date: day,
          kind: kind === 'workday' ? 'workday' : 'holiday',
          name,
        })),
        years.map(({ year }) => year),
      ),
    }
  })
  catalog.onChange(() => kept.drop())

  /**
   * The number that applies to a region at a moment: the one of the nearest region that has its own, unless one
   * above it is sharper by then (the city may have tightened its rule after the district set its own).
   * @throws Error when no region up to the city has the number: the data a city starts from was not loaded
   */
  async function value(key: string, regionCode: string, at: Date): Promise<PolicyValue> {
    const { policies } = await kept.get()
    const candidates = (await catalog.regionAncestors(regionCode))
      .map((region) => inForce(policies, key, region, at))
      .filter((found) => found !== undefined)
    const sharper = POLICY_KEYS[key]?.sharper
    const [nearest] = candidates
    if (!nearest)
      throw new Error(`no policy ${key} is in force for region ${regionCode}; load data/*/policies.csv`)
    const found = candidates.reduce((best, above) => {
      if (sharper === 'shorter' && above.value < best.value) return above
      return sharper === 'longer' && above.value > best.value ? above : best
    }, nearest)
    return {
      value: found.value,
      unit: found.unit,
      version: found.version,
      regionCode: found.regionCode,
      label: labelOf(key),
      source: found.source,
    }
  }

  /** Every version of every number, and which of them is in force now. */
  async function list() {
    const { policies } = await kept.get()
    const regions = await catalog.regions()
    const now = app.clock()
    return policies.map((policy) => ({
      ...policy,
      label: labelOf(policy.key),
      regionName: regions.get(policy.regionCode)?.name ?? policy.regionCode,
      sharper: POLICY_KEYS[policy.key]?.sharper ?? null,
      inForce: inForce(policies, policy.key, policy.regionCode, now) === policy,
    }))
  }

  /**
   * Adds a version of a number. Cases keep the version their deadline was made with, so it never reaches back: it
   * begins now or later.
   * @throws Problem 403 outside-place; 422 policy-unknown, region-unknown, valid-from-past, policy-loosened
   */
  async function change(official: Official, wanted: PolicyChange) {
    const { key, regionCode, value, note = '' } = wanted
    const [place, regions] = [await catalog.organization(official.organizationId), await catalog.regions()]
    if (!regions.has(regionCode)) throw refuse('region-unknown', '没有这个区划。', 'regionCode')
    if (!place || !(await catalog.regionAncestors(regionCode)).includes(place.regionCode))
      throw forbidden('outside-place', '只能修改本地区的规则参数。')
    const now = app.clock()
    const validFrom = beginning(wanted.validFrom, now)
    if (!validFrom) throw refuse('valid-from-past', '生效时间不能早于现在。', 'validFrom')
    const parents = new Map([...regions.values()].map((region) => [region.code, region.parentCode]))
    return catalog.changing(async (tx) => {
      const rows = (await store.policies(tx)).map(asPolicy)
      const ofKey = rows.filter((row) => row.key === key)
      const known = ofKey.find((row) => row.regionCode === regionCode) ?? ofKey[0]
      if (!known) throw refuse('policy-unknown', '没有这个参数。', 'key')
      const wrong = loosened({ key, regionCode, value, validFrom }, rows, parents)
      if (wrong) throw refuse('policy-loosened', `${labelOf(key)}${wrong}。`, 'value')
      const version =
        Math.max(0, ...ofKey.filter((row) => row.regionCode === regionCode).map((row) => row.version)) + 1
      const row = { key, version, value, unit: known.unit, note, source: '' }
      await store.insertPolicy(tx, {
        ...row,
        region_code: regionCode,
        valid_from: validFrom,
        changed_by: actorOf(official),
      })
      await appendEntry(tx, {
        subjectId: derivedUuid(app.keys.derive('ids'), 'policy', key, regionCode),
        kind: 'policy.changed',
        actor: actorOf(official),
        at: now,
        payload: { key, regionCode, version, value, unit: known.unit, validFrom: validFrom.toISOString() },
        text: { note },
      })
      return { ...row, regionCode, validFrom, label: labelOf(key) }
    })
  }

  /** A year of the calendar as published. @throws Problem 404 calendar-unknown */
  async function calendarYear(year: number) {
    const { years, days } = await kept.get()
    const found = years.find((row) => row.year === year)
    if (!found)
      throw notFound('calendar-unknown', `${year} 年的节假日安排还没有录入,涉及这一年的期限会标为“暂定”。`)
    const own = days.filter((row) => row.day.startsWith(`${year}-`))
    return { year, source: found.source, days: own.map(({ day, kind, name }) => ({ day, kind, name })) }
  }

  return {
    value,
    list,
    change,
    calendarYear,
    /** The working calendar, at most 30 seconds old. */
    calendar: async () => (await kept.get()).calendar,
  }
}

const refuse = (code: string, detail: string, field: string) => new Problem(422, code, detail, { field })

/** When a version begins; null for the past. A day that is today means from now on. */
function beginning(text: string, now: Date): Date | null {
  const dayOnly = text.length === 10
  const at = new Date(dayOnly ? `${text}T00:00:00+08:00` : text)
  if (Number.isNaN(at.getTime())) return null
  if (at >= now) return at
  return dayOnly && now.getTime() - at.getTime() < 86_400_000 ? now : null
}
