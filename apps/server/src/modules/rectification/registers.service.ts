import { endOfShanghaiDay, plusDays, shanghaiDate, startOfShanghaiDay } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { makeCursors } from '../../platform/cursor.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { badRequest, notFound, Problem } from '../../platform/problem.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { Concerned } from './case.concerned.ts'
import { registerLineForTheRated } from './case.rated.ts'
import { stateLabel } from './case.ts'
import { commitmentConsumer } from './commitments.consumer.ts'
import * as promises from './commitments.store.ts'
import { callbackSheet, commitmentSheet } from './registers.sheets.ts'
import * as store from './registers.store.ts'

export type { CaseRef, PopulationFilter } from './registers.store.ts'

/** What a register may be narrowed by, as the console asks; days in Asia/Shanghai, both included. */
export interface RegisterQuery {
  from?: string | undefined
  to?: string | undefined
  organization?: string | undefined
  region?: string | undefined
}
export interface CallbackQuery extends RegisterQuery {
  missing?: store.CallbackGap | undefined
}
export interface CommitmentQuery extends RegisterQuery {
  status?: promises.CommitmentState | undefined
  extended?: boolean | undefined
}

const PAGE = 50
/** What one Excel file holds at most. */
export const EXPORT_LIMIT = 20_000
/** Longest period of a register. */
const PERIOD_LIMIT = 366

const CONTACT_RESULTS: Record<string, string> = {
  reached: '已联系上',
  not_reached: '未接通',
  declined: '对方不愿沟通',
}
export const COMMITMENT_LABELS: Record<promises.CommitmentState, string> = {
  open: '履行中',
  kept: '按期履行',
  broken: '逾期',
}

interface Needs {
  catalog: {
    organization(id: string): Promise<{ name: string; path: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
  }
  /** those of some cases that the official was rated in */
  concerned: Concerned
}

const rate = (part: number, whole: number) => (whole === 0 ? null : part / whole)

export type RegistersService = ReturnType<typeof makeRegistersService>

/**
 * The registers of R20 and Q65, Q73: call-backs and rectification of real-name cases with exactly what is missing
 * from 100 %, and promises with what became of them. They hold nothing of their own: rows come from the cases, and from
 * what follows from the journal. Beside them, what other rooms may know of a case.
 */
export function makeRegistersService(app: App, { catalog, concerned }: Needs) {
  const cursors = {
    callbacks: makeCursors(app.keys, 'callbacks'),
    commitments: makeCursors(app.keys, 'commitments'),
  }
  async function filterOf(query: RegisterQuery): Promise<store.RegisterFilter> {
    const today = shanghaiDate(app.clock())
    const to = query.to ?? today
    const from = query.from ?? plusDays(to, -89)
    if (from > to) throw badRequest('bad-period', '结束日期不能早于开始日期。', 'to')
    if (plusDays(from, PERIOD_LIMIT) <= to)
      throw badRequest('period-too-long', `一次最多查询 ${PERIOD_LIMIT} 天，请缩小日期范围。`, 'from')
    const organization = query.organization ? await catalog.organization(query.organization) : undefined
    if (query.organization && !organization) throw notFound('unknown-organization', '没有这个机构。')
    return {
      from: startOfShanghaiDay(from),
      to: new Date(endOfShanghaiDay(to).getTime() + 1),
      organizationPath: organization?.path,
      region: query.region,
    }
  }

  const names = async (row: { organization_id: string; region_code: string; item_code: string }) => ({
    organizationName: (await catalog.organization(row.organization_id))?.name ?? row.organization_id,
    regionName: (await catalog.region(row.region_code))?.name ?? row.region_code,
    itemName: await itemNameOf(catalog, row.item_code),
  })

  /**
   * One line for each person who left a name; of those, where one gap is asked for, whoever has it. Of their own case
   * whoever was rated is told no moment.
   */
  async function callbackLines(
    tx: Tx,
    official: Official,
    rows: Awaited<ReturnType<typeof store.callbackRows>>,
    gap: store.CallbackGap | undefined,
  ) {
    const ids = rows.map((row) => row.evaluation_id)
    const contacts = await store.contactsOf(tx, ids)
    const own = await concerned(official, ids)
    const lines = await Promise.all(
      rows.map(async (row) => {
        const named = await names(row)
        return row.persons.map((person, n) => ({ row, named, person, n }))
      }),
    )
    return lines
      .flat()
      .map(({ row, named, person, n }) => {
        const contact = contacts.get(store.calledIn(row.evaluation_id, person.id))
        const line = {
          id: row.evaluation_id,
          caseNumber: row.case_number,
          /** which of them, where several left a name */
          evaluator: row.persons.length > 1 ? `评价人 ${n + 1}` : null,
          ...named,
          stateLabel: stateLabel(row.state),
          round: row.round,
          openedAt: row.opened_at.toISOString(),
          contacted: person.contacted,
          exempt: person.doNotContact,
          attempts: contact?.attempts ?? 0,
          lastContactAt: contact?.lastAt.toISOString() ?? null,
          lastResult: contact?.lastResult
            ? (CONTACT_RESULTS[contact.lastResult] ?? contact.lastResult)
            : null,
          rectified: row.rectified_at !== null && !row.rejected,
          rectifiedAt: row.rectified_at?.toISOString() ?? null,
          notAdopted: row.rejected,
          missing: [
            ...(!person.contacted && !person.doNotContact ? ['not_contacted' as const] : []),
            ...(person.doNotContact ? ['exempt' as const] : []),
            ...(row.rectified_at === null && !row.rejected ? ['not_rectified' as const] : []),
          ],
        }
        return own.has(row.evaluation_id) ? registerLineForTheRated(line) : line
      })
      .filter((line) =>
        gap === undefined
          ? true
          : line.missing.some((one) => one === gap || (gap === 'any' && one !== 'exempt')),
      )
  }

  /**
   * One page of the register of call-backs, the newest case first; the sums with the first page.
   * @throws Problem 400 bad-period, period-too-long, cursor-unknown; 404 unknown-organization
   */
  async function callbacks(official: Official, query: CallbackQuery, after?: string) {
    const filter = await filterOf(query)
    const place = after === undefined ? null : cursors.callbacks.read(after)
    return asStaff(app.db, placeOf(official), async (tx) => {
      const rows = await store.callbackRows(tx, filter, query.missing, place, PAGE + 1)
      const shown = rows.slice(0, PAGE)
      const last = rows.length > PAGE ? shown.at(-1) : undefined
      return {
        items: await callbackLines(tx, official, shown, query.missing),
        next: last ? cursors.callbacks.write({ at: last.opened_at, id: last.evaluation_id }) : null,
        summary: place ? null : sumsOf(await store.callbackSums(tx, filter)),
      }
    })
  }

  async function commitmentLines(tx: Tx, rows: promises.CommitmentRow[], official: Official) {
    const texts = await promises.promiseTexts(tx, rows)
    const own = await concerned(
      official,
      rows.map((row) => row.evaluation_id),
    )
    return Promise.all(
      rows.map(async (row) => {
        const text = own.has(row.evaluation_id) ? undefined : texts.get(row.entry_id)
        return {
          id: row.evaluation_id,
          entryId: row.entry_id,
          caseNumber: row.case_number,
          ...(await names(row)),
          round: row.round,
          promisedAt: row.promised_at.toISOString(),
          promisedFirst: row.promised_first,
          promisedOn: row.promised_on,
          extensions: row.extensions,
          completedAt: row.completed_at?.toISOString() ?? null,
          status: row.status,
          statusLabel: COMMITMENT_LABELS[row.status],
          plan: text?.plan ?? null,
          owner: text?.owner ?? null,
        }
      }),
    )
  }

  /** One page of the commitment register, what is due first at its head; the sums with the first page. @throws as `callbacks` */
  async function commitments(official: Official, query: CommitmentQuery, after?: string) {
    const filter = await filterOf(query)
    const place = after === undefined ? null : cursors.commitments.read(after)
    const today = shanghaiDate(app.clock())
    return asStaff(app.db, placeOf(official), async (tx) => {
      const rows = await promises.commitmentRows(tx, filter, today, query, place, PAGE + 1)
      const shown = rows.slice(0, PAGE)
      const last = rows.length > PAGE ? shown.at(-1) : undefined
      return {
        items: await commitmentLines(tx, shown, official),
        next: last ? cursors.commitments.write(promises.endOfCommitment(last)) : null,
        summary: place ? null : await promises.commitmentSums(tx, filter, today),
      }
    })
  }

  const tooMany = () =>
    new Problem(
      422,
      'export-too-large',
      `符合条件的超过 ${EXPORT_LIMIT} 条，一个 Excel 文件放不下，请缩小日期范围或按机构分别导出。`,
    )

  /** The same as an Excel file. @throws as `callbacks`; 422 export-too-large */
  async function callbacksFile(official: Official, query: CallbackQuery): Promise<Buffer> {
    const filter = await filterOf(query)
    const lines = await asStaff(app.db, placeOf(official), async (tx) => {
      const rows = await store.callbackRows(tx, filter, query.missing, null, EXPORT_LIMIT + 1)
      if (rows.length > EXPORT_LIMIT) throw tooMany()
      return callbackLines(tx, official, rows, query.missing)
    })
    return callbackSheet(lines)
  }

  /** The same as an Excel file. @throws as `commitments`; 422 export-too-large */
  async function commitmentsFile(official: Official, query: CommitmentQuery): Promise<Buffer> {
    const filter = await filterOf(query)
    const today = shanghaiDate(app.clock())
    const lines = await asStaff(app.db, placeOf(official), async (tx) => {
      const rows = await promises.commitmentRows(tx, filter, today, query, null, EXPORT_LIMIT + 1)
      if (rows.length > EXPORT_LIMIT) throw tooMany()
      return commitmentLines(tx, rows, official)
    })
    return commitmentSheet(lines)
  }

  return {
    callbacks,
    commitments,
    callbacksFile,
    commitmentsFile,
    consumer: commitmentConsumer,
    /** What other rooms may know of a case, inside their transaction: nothing where it may not be seen. */
    ref: async (tx: Tx, evaluationId: string) => (await store.refsOf(tx, [evaluationId]))[0],
    refs: store.refsOf,
    refsByNumber: store.refsByNumber,
    /** Ids of closed cases that a spot check may draw from. */
    population: store.populationOf,
    populationSize: store.populationSizeOf,
  }
}
export type CallbackLine = Awaited<ReturnType<RegistersService['callbacks']>>['items'][number]
export type CommitmentLine = Awaited<ReturnType<RegistersService['commitments']>>['items'][number]

const sumsOf = (sums: Awaited<ReturnType<typeof store.callbackSums>>) => ({
  ...sums,
  contactRate: rate(sums.contacted, sums.total - sums.exempt),
  rectifiedRate: rate(sums.rectified, sums.cases - sums.notAdopted),
})
