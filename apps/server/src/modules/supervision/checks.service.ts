import { randomBytes } from 'node:crypto'
import { type CheckMethod, drawSample, populationDigest } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import { conflict } from '../../platform/problem.ts'
import type { JsonValue } from '../../platform/tables.ts'
import { cleanText } from '../evaluations/evaluations.service.ts'
import { actorOf, type Official, placeOf } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import type { CaseRef, RegistersService } from '../rectification/registers.service.ts'
import { makePopulation, type PopulationNeeds, sampleOf } from './check.population.ts'
import { invalid, stale, unknownCheck } from './check.problems.ts'
import { type CheckFilter, type CheckRow, checkFacts, type ItemRow, sm3Hex } from './check.ts'
import * as store from './checks.store.ts'

/** What spot checks need of other rooms. */
export interface CheckNeeds extends PopulationNeeds {
  cases: PopulationNeeds['cases'] & Pick<RegistersService, 'refs' | 'refsByNumber'>
}

/** A draw as it is asked for: a share in percent or a number, out of closed cases of a period. */
export interface PlannedDraw {
  title: string
  method: CheckMethod
  filter: {
    from: string
    to: string
    organization?: string | undefined
    region?: string | undefined
    outcome?: string | undefined
  }
  percent?: number | undefined
  size?: number | undefined
  seed?: string | undefined
}

/** Spot checks of what was reported as done (R18, Q71): by a draw that anybody can repeat, or by pick. */
export function makeChecks(app: App, needs: CheckNeeds) {
  const population = makePopulation(needs)
  const entry = (
    tx: Tx,
    row: CheckRow,
    event: string,
    official: Official,
    more: { values?: Record<string, JsonValue>; text?: Record<string, string> } = {},
  ) =>
    appendEntry(tx, {
      subjectId: row.check_id,
      kind: `supervision.check_${event}`,
      actor: actorOf(official),
      at: app.clock(),
      payload: { ...more.values, ...checkFacts(row) },
      ...(more.text && { text: more.text }),
    })

  const newCheck = (official: Official, title: string, method: CheckMethod): CheckRow => ({
    check_id: randomId(),
    title: cleanText(title),
    method,
    selection: 'draw',
    state: 'planned',
    organization_id: official.organizationId,
    organization_path: official.organizationPath,
    filter: null,
    seed: null,
    seed_source: null,
    seed_commitment: null,
    percent: null,
    size: null,
    population_size: null,
    population_digest: null,
    planned_by: official.accountId,
    planned_at: app.clock(),
    drawn_at: null,
    closed_at: null,
    version: 1,
  })

  async function locked(tx: Tx, checkId: string, version?: number): Promise<CheckRow> {
    const row = await store.lockCheck(tx, checkId)
    if (!row) throw unknownCheck()
    if (version !== undefined && row.version !== version) throw stale()
    return row
  }

  async function write(
    tx: Tx,
    before: CheckRow,
    change: Partial<CheckRow>,
    event: string,
    official: Official,
    more: Parameters<typeof entry>[4] = {},
  ) {
    const row = { ...before, ...change, version: before.version + 1 }
    await store.updateCheck(tx, row)
    await entry(tx, row, event, official, more)
    return row
  }

  /**
   * Plans a draw: what is drawn from, how many, and the digest of the seed stand in the journal before anybody knows
   * which cases it will be.
   * @throws Problem 422 invalid, 404 unknown-organization
   */
  async function plan(official: Official, given: PlannedDraw): Promise<string> {
    const { filter, percent, size } = given
    if ((percent === undefined) === (size === undefined))
      throw invalid('size', '请填写抽取比例或抽取件数，只填一项。')
    if (filter.from > filter.to) throw invalid('to', '结束日期不能早于开始日期。')
    if (filter.organization !== undefined) {
      const organization = await needs.catalog.organization(filter.organization)
      if (!organization?.path.startsWith(official.organizationPath))
        throw invalid('organization', '没有这个机构，或不在您的管辖范围内。')
    }
    const entered = cleanText(given.seed) || undefined
    const seed = entered ?? randomBytes(16).toString('hex')
    const kept: CheckFilter = {
      from: filter.from,
      to: filter.to,
      organization: filter.organization ?? null,
      region: filter.region ?? null,
      outcome: filter.outcome ?? null,
    }
    const row: CheckRow = {
      ...newCheck(official, given.title, given.method),
      filter: kept,
      seed,
      seed_source: entered === undefined ? 'random' : 'entered',
      seed_commitment: sm3Hex(seed),
      percent: percent ?? null,
      size: size ?? null,
    }
    await asStaff(app.db, placeOf(official), async (tx) => {
      await store.insertCheck(tx, row)
      await entry(tx, row, 'planned', official, { text: { title: row.title } })
    })
    app.nudge()
    return row.check_id
  }

  const itemsFrom = (row: CheckRow, refs: CaseRef[], order: string[]): ItemRow[] => {
    const byId = new Map(refs.map((ref) => [ref.evaluation_id, ref]))
    return order.flatMap((id, i) => {
      const ref = byId.get(id)
      return ref
        ? [
            {
              evaluation_id: id,
              check_id: row.check_id,
              check_path: row.organization_path,
              place: i + 1,
              case_number: ref.case_number,
              item_code: ref.item_code,
              organization_id: ref.organization_id,
              organization_path: ref.organization_path,
              region_code: ref.region_code,
              inspector_id: null,
              finding: null,
              found_at: null,
              found_by: null,
              reopened: false,
              version: 1,
            },
          ]
        : []
    })
  }

  /**
   * Draws: the seed is told, the list it is drawn from is kept, and the sample follows from both.
   * @throws Problem 404 check-unknown; 409 check-stale, already-drawn; 422 population-empty, population-too-large,
   * sample-too-large
   */
  async function draw(official: Official, checkId: string, version: number): Promise<void> {
    await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await locked(tx, checkId, version)
      if (row.state !== 'planned' || row.seed === null || row.filter === null)
        throw conflict('already-drawn', '这次抽查已经抽取过了，不能再抽。')
      const ids = await population.ids(tx, { ...row, filter: row.filter })
      const n = sampleOf(row, ids.length)
      const drawn = drawSample(ids, row.seed, n, sm3Hex)
      await store.insertPopulation(tx, checkId, ids)
      await store.insertItems(tx, itemsFrom(row, await needs.cases.refs(tx, drawn), drawn))
      await write(
        tx,
        row,
        {
          state: 'drawn',
          drawn_at: app.clock(),
          population_size: ids.length,
          population_digest: populationDigest(ids, sm3Hex),
        },
        'drawn',
        official,
        { values: { drawn } },
      )
    })
    app.nudge()
  }

  /**
   * Begins a round on cases picked by their numbers.
   * @throws Problem 422 invalid without any number, or naming those that are not there or not within the place
   */
  async function pick(
    official: Official,
    given: { title: string; method: CheckMethod; caseNumbers: string[] },
  ): Promise<string> {
    const numbers = [...new Set(given.caseNumbers.map((number) => number.trim().toUpperCase()))].filter(
      Boolean,
    )
    if (numbers.length === 0) throw invalid('caseNumbers', '差评件编号：请至少填写一个。')
    const row: CheckRow = { ...newCheck(official, given.title, given.method), selection: 'pick' }
    await asStaff(app.db, placeOf(official), async (tx) => {
      const refs = (await needs.cases.refsByNumber(tx, numbers)).filter((ref) =>
        ref.organization_path.startsWith(official.organizationPath),
      )
      const missing = numbers.filter((number) => !refs.some((ref) => ref.case_number === number))
      if (missing.length > 0)
        throw invalid('caseNumbers', `没有这些差评件，或不在您的管辖范围内：${missing.join('、')}。`)
      const order = numbers.flatMap((number) => refs.find((ref) => ref.case_number === number)!.evaluation_id)
      await store.insertCheck(tx, row)
      await entry(tx, row, 'planned', official, { text: { title: row.title } })
      await store.insertItems(tx, itemsFrom(row, refs, order))
      await write(tx, row, { state: 'drawn', drawn_at: app.clock() }, 'drawn', official, {
        values: { drawn: order },
      })
    })
    app.nudge()
    return row.check_id
  }

  /** @throws Problem 404 check-unknown; 409 check-stale, check-closed, items-open; 422 invalid */
  async function close(
    official: Official,
    checkId: string,
    given: { version: number; summary: string },
  ): Promise<void> {
    const summary = cleanText(given.summary)
    if (!summary) throw invalid('summary', '抽查小结：必填')
    await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await locked(tx, checkId, given.version)
      if (row.state === 'closed') throw conflict('check-closed', '这次抽查已结束，不能再改。')
      const progress = (await store.progressOf(tx, [checkId])).get(checkId) ?? { items: 0, done: 0, wrong: 0 }
      if (progress.done < progress.items)
        throw conflict(
          'items-open',
          `还有 ${progress.items - progress.done} 件没有登记检查结果，全部登记后才能结束。`,
        )
      await write(tx, row, { state: 'closed', closed_at: app.clock() }, 'closed', official, {
        values: { ...progress },
        text: { summary },
      })
    })
    app.nudge()
  }

  return { plan, draw, pick, close }
}
export type Checks = ReturnType<typeof makeChecks>
