import { POLICY_DEFAULTS, type PolicyDefinition, pickPolicy } from '@haochaping/rules'
import type { Selectable } from 'kysely'
import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { forbidden, notFound, Problem } from '../../platform/problem.ts'
import type { PolicyTable } from '../../platform/tables.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { keep } from '../catalog/catalog.snapshot.ts'
import { actorOf, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import { calendarsSince } from './calendar.past.ts'
import { calendarOf } from './calendar.rows.ts'
import { definitionOf, impossible, loosened, sharperWay } from './policies.limits.ts'
import type { PolicyChange } from './policies.schema.ts'
import * as store from './policies.store.ts'

/** A number as it applies to a region at a moment. */
export interface PolicyValue {
  value: number
  unit: string
  version: number
  /** the region whose rule it is: the one asked for, or one above it */
  regionCode: string
  /** the kind of item it is for; '' for all of them */
  category: string
  label: string
  source: string
}

/** One version of a number, as stored. */
interface Policy {
  key: string
  regionCode: string
  category: string
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
  category: row.category,
  version: row.version,
  value: row.value,
  unit: row.unit,
  validFrom: row.valid_from,
  source: row.source,
  note: row.note,
  changedBy: row.changed_by,
})

const labelOf = (key: string) => definitionOf(key)?.label ?? key

/** The numbers of the rules and the working calendar, each with the versions it had. */
export function makePoliciesService(app: App, { catalog }: { catalog: CatalogService }) {
  const { db } = app
  // As in the catalog: through the portal's pool, because whoever asks may be inside a transaction of another one.
  const kept = keep(async () => {
    // Corrections first: whoever sees one then sees the days it made too.
    const corrections = await store.openCorrections(db.portal)
    const state = await store.calendarState(db.portal)
    return {
      ...state,
      policies: (await store.policies(db.portal)).map(asPolicy),
      corrections,
      history: await catalog.calendarHistory(),
      calendar: calendarOf(state),
    }
  })
  catalog.onChange(() => kept.drop())

  /**
   * The number that applies to a region at a moment: the one of the nearest region that has its own, unless one
   * above it is sharper by then (the city may have tightened its rule after the district set its own). A number
   * nobody has set yet starts with what the rules say (version 0).
   * @param itemCode the service item it is asked for: its kind may have a number of its own (Q30)
   * @throws Error for a key the program does not know
   */
  async function value(key: string, regionCode: string, at: Date, itemCode?: string): Promise<PolicyValue> {
    const { policies } = await kept.get()
    const definition = definitionOf(key)
    const asked = itemCode !== undefined && definition?.byCategory
    const kind = asked ? ((await catalog.item(itemCode))?.kind ?? '') : ''
    const found = (await catalog.regionAncestors(regionCode))
      .map((region) => pickPolicy(policies, key, [region], at, kind))
      .filter((row) => row !== null)
    const [nearest] = found
    if (!nearest) {
      if (!definition) throw new Error(`no policy ${key}`)
      const { value, unit, label, source } = definition
      return { value, unit, version: 0, regionCode: app.config.cityRegion, category: '', label, source }
    }
    const way = sharperWay(key)
    const best = found.reduce((own, above) => {
      if (way === 'shorter' && above.value < own.value) return above
      return way === 'longer' && above.value > own.value ? above : own
    }, nearest)
    const { unit, version, source, category } = best
    const { regionCode: region } = best
    return { value: best.value, unit, version, regionCode: region, category, label: labelOf(key), source }
  }

  /**
   * Every version of every number, and which of them is in force now. What the city has not set stands there as the
   * rules say it (version 0, without a beginning).
   */
  async function list() {
    const { policies } = await kept.get()
    const regions = await catalog.regions()
    const now = app.clock()
    const city = app.config.cityRegion
    const unset = Object.entries<PolicyDefinition>(POLICY_DEFAULTS)
      .filter(([key]) => !pickPolicy(policies, key, [city], now))
      .map(([key, { value, unit, source }]) => ({
        ...{ key, value, unit, source, regionCode: city, category: '', version: 0, validFrom: null },
        ...{ note: '', changedBy: 'system', inForce: true },
      }))
    const stored = policies.map((policy) => ({
      ...policy,
      inForce: pickPolicy(policies, policy.key, [policy.regionCode], now, policy.category) === policy,
    }))
    return [...stored, ...unset].map((policy) => ({
      ...policy,
      label: labelOf(policy.key),
      regionName: regions.get(policy.regionCode)?.name ?? policy.regionCode,
      sharper: sharperWay(policy.key),
      byCategory: definitionOf(policy.key)?.byCategory ?? false,
      cityWide: policy.regionCode === city && policy.category === '',
    }))
  }

  /**
   * Every number as it applies to a region now, for all kinds of items, with the region whose rule it is.
   * @param regionCode none: the city
   * @throws Problem 404 region-unknown
   */
  async function inForce(regionCode: string = app.config.cityRegion) {
    const regions = await catalog.regions()
    if (!regions.has(regionCode)) throw notFound('region-unknown', '没有这个区划。')
    const now = app.clock()
    return Promise.all(
      Object.keys(POLICY_DEFAULTS).map(async (key) => {
        const found = await value(key, regionCode, now)
        return { key, ...found, regionName: regions.get(found.regionCode)?.name ?? found.regionCode }
      }),
    )
  }

  /**
   * Adds a version of a number. Cases keep the version their deadline was made with, so it never reaches back: it
   * begins now or later.
   * @throws Problem 403 outside-place; 422 region-unknown, policy-unknown, policy-impossible, valid-from-past, policy-loosened
   */
  async function change(official: Official, wanted: PolicyChange) {
    const { key, regionCode, value, category = '', note = '' } = wanted
    const [place, regions] = [await catalog.organization(official.organizationId), await catalog.regions()]
    if (!regions.has(regionCode)) throw refuse('region-unknown', '没有这个区划。', 'regionCode')
    const chain = await catalog.regionAncestors(regionCode)
    // A department of the city has the city's region too, but only the city authority speaks for the city.
    const ownDistrict = place && regions.get(place.regionCode)?.parentCode && chain.includes(place.regionCode)
    if (official.role !== 'city_authority' && !ownDistrict)
      throw forbidden('outside-place', '只能修改本地区的规则参数。')
    const unit = definitionOf(key)?.unit ?? ''
    const bad = impossible(key, value, unit, category)
    if (bad)
      throw refuse(bad.field === 'key' ? 'policy-unknown' : 'policy-impossible', `${bad.words}。`, bad.field)
    const now = app.clock()
    const validFrom = beginning(wanted.validFrom, now)
    if (!validFrom) throw refuse('valid-from-past', '生效时间不能早于现在。', 'validFrom')
    const parents = new Map([...regions.values()].map((region) => [region.code, region.parentCode]))
    return catalog.changing(async (tx) => {
      const rows = (await store.policies(tx)).map(asPolicy)
      const wrong = loosened({ key, regionCode, value, validFrom, category }, rows, parents)
      if (wrong) throw refuse('policy-loosened', `“${labelOf(key)}”${wrong}。`, 'value')
      const own = rows.filter((row) => row.key === key && row.regionCode === regionCode)
      const version = Math.max(0, ...own.map((row) => row.version)) + 1
      const row = { key, version, value, unit, category, note, source: '' }
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
        payload: {
          ...{ key, regionCode, version, value, unit, validFrom: validFrom.toISOString() },
          ...(category !== '' && { category }),
        },
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
      throw notFound('calendar-unknown', `${year} 年的节假日安排还没有录入，涉及这一年的期限会标为“暂定”。`)
    const own = days.filter((row) => row.day.startsWith(`${year}-`))
    return { year, source: found.source, days: own.map(({ day, kind, name }) => ({ day, kind, name })) }
  }

  return {
    value,
    list,
    inForce,
    change,
    calendarYear,
    /** The working calendar with the opening days of halls, at most 30 seconds old. */
    calendar: async () => (await kept.get()).calendar,
    /** That, and those it has replaced since a moment: what was told by one of them may not become earlier. */
    calendarsSince: async (from: Date) => {
      const { history, ...state } = await kept.get()
      return calendarsSince(state, history, from)
    },
    /** The rows behind it. */
    calendarRows: () => kept.get(),
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
