import { caseEventRule } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { Problem } from '../../platform/problem.ts'
import type { makeEvaluationViews } from '../evaluations/evaluations.view.ts'
import type { FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { accountIdOf, type Official, placeOf } from '../identity/official.ts'
import type { PeopleService } from '../people/people.service.ts'
import { everyoneBehind, redactor } from '../people/redact.ts'
import { callingRules } from './case.calling.ts'
import * as lists from './case.list.store.ts'
import { makeCaseRefusal } from './case.lost.ts'
import * as beside from './case.parties.store.ts'
import { makeCaseQueue } from './case.queue.ts'
import { caseForTheRated } from './case.rated.ts'
import { type CaseSeenNeeds, makeCaseSeen } from './case.seen.ts'
import {
  attemptsView,
  clockView,
  extensionView,
  mainClockView,
  partiesView,
  personsView,
  sourcesView,
} from './case.show.ts'
import { accountIdsOf, organizationIdsOf, timelineOf } from './case.timeline.ts'
import { rejectionLabel } from './case.ts'
import type { TurnNeeds } from './case.turn.ts'
import * as store from './rectification.store.ts'

/** What the views need of other rooms. */
export interface CaseViewNeeds extends CaseSeenNeeds, TurnNeeds {
  catalog: CaseSeenNeeds['catalog'] & TurnNeeds['catalog']
  identity: Pick<IdentityService, 'verifiersFor' | 'accountNames' | 'organizationsHolding'>
  evaluationViews: Pick<ReturnType<typeof makeEvaluationViews>, 'detail'>
  files: Pick<FilesService, 'ofCase'>
  people: Pick<PeopleService, 'everyone'>
}

/** Cases as officials see them. */
export function makeCaseViews(app: App, needs: CaseViewNeeds) {
  const { catalog } = needs
  const seen = makeCaseSeen(app, needs)
  const refusal = makeCaseRefusal(app, catalog)

  /** The rating of a case; a case may be about a complaint and have none. */
  async function ratingOf(official: Official, id: string) {
    try {
      return await needs.evaluationViews.detail(official, id)
    } catch (error) {
      if (error instanceof Problem && error.code === 'evaluation-unknown') return null
      throw error
    }
  }

  const namesOf = async (ids: string[]) => {
    const found = await Promise.all(
      [...new Set(ids)].map(async (id) => [id, (await catalog.organization(id))?.name ?? id] as const),
    )
    return new Map(found)
  }

  /**
   * @throws Problem 404 case-unknown, also when it is outside the official's place; 403 case-transferred when it was
   * within until it was transferred
   */
  async function detail(official: Official, id: string) {
    const calendar = await needs.policies.calendar()
    const who = seen.viewer(official, calendar)
    const found = await asStaff(app.db, placeOf(official), async (tx) => {
      const row = await lists.caseSeen(tx, id, who)
      return (
        row && {
          row,
          entries: await store.history(tx, id),
          files: await needs.files.ofCase(tx, id),
          parties: await beside.partiesOf(tx, [id]),
          sources: await beside.sourcesOf(tx, [id]),
        }
      )
    })
    if (!found) throw await refusal(official, id)
    const { row, entries, files, parties, sources } = found
    const accounts = await needs.identity.accountNames([
      ...accountIdsOf(entries),
      ...(row.verifier_id ? [row.verifier_id] : []),
    ])
    const rated = (await needs.concerned(official, [id])).has(id)
    const rating = await ratingOf(official, id)
    const events = rated ? [] : await seen.eventsOf(official, row)
    const organizations = await namesOf([
      ...organizationIdsOf(entries),
      ...(row.transfer_to ? [row.transfer_to] : []),
    ])
    const persons = personsView(row.persons, sources)
    const calls = await callingRules(needs.policies, row.region_code, entries, app.clock())
    const names = {
      accounts,
      organizations,
      files: new Map(files.map((file) => [file.fileId, file])),
      evaluators: new Map(persons.length > 1 ? persons.map(({ id, label }) => [id, label]) : []),
    }
    const { affair = null, ...evaluation } = rating ?? {}
    const whole = {
      ...(await seen.line(row, calendar, accounts)),
      redacted: false,
      evaluation: rating && (evaluation as Omit<Rating, 'affair'>),
      affair,
      clock: await mainClockView(row, catalog),
      clocks: await Promise.all(row.clocks.map((clock) => clockView(clock, catalog))),
      parties: await partiesView(parties, row.reported_paths, catalog),
      sources: sourcesView(sources),
      persons: persons.map((person) => ({ ...person, leftToday: calls.leftToday(person.id) })),
      calling: calls.calling,
      attempts: attemptsView(
        entries,
        (actor) => accounts.get(accountIdOf(actor) ?? '') ?? null,
        names.evaluators,
      ).map((attempt) => ({
        ...attempt,
        withinHours: attempt.contactedAt === null ? null : calls.within(attempt.contactedAt),
      })),
      extension: extensionView(row, entries),
      transferTo: row.transfer_to && { id: row.transfer_to, name: organizations.get(row.transfer_to)! },
      falseReports: row.false_reports,
      timeline: timelineOf(id, entries, names),
      actions: events.map((event) => {
        const { label, confirm = null, fields } = caseEventRule(event)
        return { event, label, confirm, fields }
      }),
      verifiers: (await seen.verifiersOf(official, [row])).get(id) ?? [],
      reply: entries.findLast((entry) => entry.kind === 'case.reply')?.content?.reply ?? null,
      promisedOn: row.promised_on,
      rejectionReasonLabel: rejectionLabel(row.rejection_reason),
    }
    if (!rated) return whole
    const ids = [id, ...sources.flatMap((source) => source.source_evaluation_id ?? [])]
    return caseForTheRated(whole, redactor(await everyoneBehind(needs.people, app.db.system, ids)))
  }

  return { ...makeCaseQueue(app, needs, seen), seen, refusal, detail }
}

type Rating = Awaited<ReturnType<CaseViewNeeds['evaluationViews']['detail']>>
