import {
  APPEAL_CLAIMS,
  APPEAL_OUTCOMES,
  APPEAL_STAGES,
  APPEAL_STATES,
  appealEventRule,
  applyAppealEvent,
  LEVELS,
  remainingWorkingDays,
  type WorkCalendar,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { makeCursors } from '../../platform/cursor.ts'
import { asStaff } from '../../platform/database.ts'
import { notFound } from '../../platform/problem.ts'
import { shanghaiDay } from '../../platform/time.ts'
import { itemNameOf } from '../catalog/item-name.ts'
import type { EvaluationsService } from '../evaluations/evaluations.service.ts'
import type { makeEvaluationViews } from '../evaluations/evaluations.view.ts'
import type { FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { accountIdOf, isRoot, type Official, placeOf } from '../identity/official.ts'
import type { PeopleService } from '../people/people.service.ts'
import { redactor } from '../people/redact.ts'
import type { Concerned } from '../rectification/case.concerned.ts'
import type { Involved } from './appeal.parties.ts'
import { eventsFor, partyTo, seesDaysAlone, seesRedacted } from './appeal.rights.ts'
import { appealTimeline } from './appeal.timeline.ts'
import { type AppealRow, appealFacts, awaitsDecision, deciderLabel, isLate, isProvisional } from './appeal.ts'
import * as store from './appeals.store.ts'

/** What the views need of other rooms. */
export interface AppealViewNeeds {
  catalog: {
    organization(id: string): Promise<{ name: string; path: string } | undefined>
    region(code: string): Promise<{ name: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
    hall(code: string): Promise<{ name: string } | undefined>
    window(code: string): Promise<{ name: string } | undefined>
    staff(number: string): Promise<{ displayName: string } | undefined>
  }
  policies: { calendar(): Promise<WorkCalendar> }
  identity: Pick<IdentityService, 'accountNames'>
  evaluations: EvaluationsService
  evaluationViews: Pick<ReturnType<typeof makeEvaluationViews>, 'detail'>
  people: PeopleService
  files: Pick<FilesService, 'ofPurpose'>
  /** those of some ratings in whose affair or case the official was rated too */
  about: { concerned: Concerned }
  /** who may not decide on the appeal against a rating */
  involvedIn(id: string): Promise<Involved>
}

/** What a list of appeals may be narrowed by, as the console asks. */
export interface AppealQuery {
  view?: store.AppealFilter['view'] | undefined
  state?: AppealRow['state'] | undefined
  outcome?: string | undefined
  organization?: string | undefined
  region?: string | undefined
  after?: string | undefined
}

const levelLabel = (level: number | null) => LEVELS.find((l) => l.level === level)?.label ?? null

/** What a page ends with, as its order has it. */
const endOf = (row: AppealRow, byDeadline: boolean) => ({
  at: (byDeadline && row.due_at) || row.filed_at,
  id: row.evaluation_id,
  number: row.number,
})

/** Appeals as officials see them: deciders whole, the appellant's side redacted. */
export function makeAppealViews(app: App, needs: AppealViewNeeds) {
  const { catalog } = needs
  const cursors = makeCursors(app.keys, 'appeals')

  const viewer = (official: Official): store.AppealViewer => ({
    accountId: official.accountId,
    organizationId: official.organizationId,
    instance: official.permissions.includes('appeals.decide')
      ? isRoot(official.organizationPath)
        ? 'city'
        : 'district'
      : null,
    files: official.permissions.includes('appeals.file'),
  })

  async function summary(row: AppealRow) {
    const now = app.clock()
    return {
      id: row.evaluation_id,
      appealId: row.appeal_id,
      number: row.number,
      state: row.state,
      stateLabel: APPEAL_STATES[row.state],
      stage: row.stage,
      stageLabel: APPEAL_STAGES[row.stage],
      claimLabel: APPEAL_CLAIMS[row.claim],
      outcome: row.outcome,
      outcomeLabel: row.outcome && APPEAL_OUTCOMES[row.outcome].label,
      effect: row.outcome && APPEAL_OUTCOMES[row.outcome].effect,
      level: row.level,
      levelLabel: levelLabel(row.level),
      organizationId: row.organization_id,
      organizationName: (await catalog.organization(row.organization_id))?.name ?? row.organization_id,
      regionName: (await catalog.region(row.region_code))?.name ?? row.region_code,
      itemName: await itemNameOf(catalog, row.item_code),
      appellantKind: row.appellant_kind,
      appellantLabel: row.appellant_kind === 'staff' ? '被评价的工作人员' : '被评价单位',
      deciderLabel: deciderLabel(row),
      citizenHeard: row.citizen_heard,
      answerUntil: row.answer_until.toISOString(),
      answerProvisional: isProvisional(row.answer_clock),
      filedAt: row.filed_at.toISOString(),
      decidedAt: row.decided_at?.toISOString() ?? null,
      reexamineUntil: row.state === 'decided' ? (row.reexamine_until?.toISOString() ?? null) : null,
      reexamineProvisional: isProvisional(row.reexamine_clock),
      reexaminedAt: row.reexamined_at?.toISOString() ?? null,
      dueAt: row.due_at?.toISOString() ?? null,
      dueProvisional: row.due_provisional,
      remainingWorkingDays:
        row.due_at && remainingWorkingDays(await needs.policies.calendar(), now, row.due_at),
      overdue: awaitsDecision(row) && (row.overdue || isLate(row, now)),
      everOverdue: row.ever_overdue || isLate(row, now),
    }
  }

  /** @throws Problem 404 unknown-organization, 400 cursor-unknown */
  async function list(official: Official, query: AppealQuery, pageSize: number) {
    const { organization: id, after, view = 'all', ...rest } = query
    const organization = id === undefined ? undefined : await catalog.organization(id)
    if (id !== undefined && !organization) throw notFound('unknown-organization', '没有这个机构。')
    const who = viewer(official)
    const filter = {
      ...rest,
      view,
      organizationPath: organization?.path,
      after: after === undefined ? undefined : cursors.read(after),
    }
    const { rows, counts } = await asStaff(app.db, placeOf(official), async (tx) => ({
      // One more than is shown tells whether there is another page.
      rows: await store.listAppeals(tx, filter, who, pageSize + 1),
      counts: await store.countAppeals(tx, who, app.clock()),
    }))
    const shown = rows.slice(0, pageSize)
    const more = rows.length > pageSize ? shown.at(-1) : undefined
    return {
      items: await Promise.all(shown.map(summary)),
      next: more ? cursors.write(endOf(more, view === 'to_decide')) : null,
      counts,
    }
  }

  /** The rating as the one who was rated may see it: nothing that tells who rated, or when exactly. */
  async function redactedRating(official: Official, id: string, redact: (text: string) => string) {
    const found = await needs.evaluations.detail(official, id)
    if (!found) throw notFound('evaluation-unknown', '没有这条评价，或不在您的管辖范围内。')
    const { evaluation: e, options, words } = found
    return {
      redacted: true,
      receiptNumber: null,
      submittedAt: null,
      ratedOn: shanghaiDay(e.submitted_at),
      level: e.level,
      levelLabel: levelLabel(e.level),
      hallLevel: e.hall_level,
      hallLevelLabel: levelLabel(e.hall_level),
      options,
      words: words && redact(words),
      itemName: await itemNameOf(catalog, e.item_code),
      organizationName: (await catalog.organization(e.organization_id))?.name ?? e.organization_id,
      hallName: (e.hall_code && (await catalog.hall(e.hall_code))?.name) || null,
      windowName: (e.window_code && (await catalog.window(e.window_code))?.name) || null,
      staffName: (e.staff_number && (await catalog.staff(e.staff_number))?.displayName) || null,
      evaluatorMasked: null,
      affair: null,
      caseStateLabel: null,
    }
  }

  /** The rating as managers see it. */
  async function wholeRating(official: Official, id: string) {
    return { ...(await needs.evaluationViews.detail(official, id)), redacted: false }
  }

  async function clockOf(row: AppealRow, daysAlone: boolean) {
    const { key, label, value, unit, version, source, startedAt, stoppedAt, days, missingYears } = row.clock
    const regionName = (await catalog.region(row.clock.regionCode))?.name ?? row.clock.regionCode
    const told = (at: string) => (daysAlone ? shanghaiDay(new Date(at)) : at)
    return {
      label,
      startedAt: told(startedAt),
      stoppedAt: stoppedAt && told(stoppedAt),
      dueAt: row.clock.dueAt ?? startedAt,
      provisional: row.due_provisional,
      missingYears,
      days,
      policy: { key, label, value, unit, version, regionName, source },
    }
  }

  /** The appeals against some ratings with their history, as far as the official may see them; none for a rating without. */
  async function told(official: Official, ids: readonly string[]) {
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const appealed = []
      for (const id of ids) {
        const rows = await store.appealsOf(tx, id)
        if (rows[0])
          appealed.push({
            rows,
            row: rows[0],
            entries: await store.history(tx, id),
            files: await needs.files.ofPurpose(tx, id, 'appeal'),
          })
      }
      return appealed
    })
    const accounts = await needs.identity.accountNames(
      found.flatMap(({ entries }) => entries.flatMap((entry) => accountIdOf(entry.actor) ?? [])),
    )
    const own = await needs.about.concerned(official, ids)
    return Promise.all(
      found.map(async (each) => {
        const { row, entries, files } = each
        const concerned = own.has(row.evaluation_id)
        const redacted = seesRedacted(official, row, concerned)
        const daysAlone = seesDaysAlone(official, row, concerned)
        const redact = redactor(redacted ? await needs.people.everyone(app.db.system, row.evaluation_id) : [])
        const timeline = appealTimeline(entries, {
          accounts,
          files: new Map(files.map((file) => [file.fileId, file])),
          row,
          redact: redacted ? redact : null,
          daysAlone,
        })
        return { ...each, redacted, daysAlone, redact, timeline }
      }),
    )
  }

  /**
   * The appeals against some ratings, the withdrawn ones too, with all their steps and the evidence given for them:
   * for the page and the file of the case that the ratings belong to. Nothing to whoever may not read appeals.
   */
  async function ofRatings(official: Official, ids: readonly string[]) {
    const found = official.permissions.includes('appeals.read') ? await told(official, ids) : []
    return {
      appeals: await Promise.all(found.flatMap(({ rows }) => rows.toReversed()).map(summary)),
      steps: found.flatMap(({ timeline }) => timeline),
      files: found.flatMap(({ files }) => files),
    }
  }

  /** @throws Problem 404 appeal-unknown, also when it is outside the official's place */
  async function detail(official: Official, id: string) {
    const [found] = await told(official, [id])
    if (!found) throw notFound('appeal-unknown', '这条评价没有申诉，或不在您的管辖范围内。')
    const { row, redacted, daysAlone, redact, timeline } = found
    const involved = await needs.involvedIn(id)
    const now = app.clock().toISOString()
    const facts = appealFacts(row)
    return {
      ...(await summary(row)),
      version: row.version,
      /** moments and places in the ledger are held back, for whoever was rated */
      redacted: daysAlone,
      clock: await clockOf(row, daysAlone),
      rating: redacted ? await redactedRating(official, id, redact) : await wholeRating(official, id),
      timeline,
      party: official.permissions.includes('appeals.decide') ? partyTo(official, row, involved) : null,
      actions: eventsFor(official, row, involved).flatMap(({ event, actor }) => {
        const { label, confirm = null, fields } = appealEventRule(event)
        const step = applyAppealEvent(facts, event, actor, {}, now)
        // What is only missing its fields may be begun; what a guard stops is told with the reason.
        const stopped = step.ok ? undefined : step.problems.find((problem) => problem.field === undefined)
        if (stopped && event === 'request_reexamination') return []
        return [{ event, label, confirm, fields, stopped: stopped?.message ?? null }]
      }),
    }
  }

  return { list, detail, summary, ofRatings }
}
