import { makeAffairsService } from './modules/affairs/affairs.service.ts'
import { visitCheck } from './modules/affairs/affairs.verify.ts'
import { makeAppealDeadlines } from './modules/appeals/appeal.deadlines.ts'
import { lostClaims } from './modules/appeals/appeal.standing.ts'
import { makeAppealsService } from './modules/appeals/appeals.service.ts'
import { appealCheck } from './modules/appeals/appeals.verify.ts'
import { makeCatalogService } from './modules/catalog/catalog.service.ts'
import { makeCaseSources } from './modules/complaints/case-sources.view.ts'
import { makeComplaintsService } from './modules/complaints/complaints.service.ts'
import { complaintCheck } from './modules/complaints/complaints.verify.ts'
import { makeComplaintViews } from './modules/complaints/complaints.view.ts'
import { makeSurveyReplies } from './modules/complaints/survey-replies.ts'
import { ratedBy } from './modules/evaluations/evaluations.brief.ts'
import { makeEvaluationsService } from './modules/evaluations/evaluations.service.ts'
import { evaluationCheck, personCheck } from './modules/evaluations/evaluations.verify.ts'
import { makeEvaluationViews } from './modules/evaluations/evaluations.view.ts'
import { makeFollowUps } from './modules/evaluations/follow-up.service.ts'
import { followUpCheck } from './modules/evaluations/follow-up.verify.ts'
import { makeFilesService } from './modules/files/files.service.ts'
import { contentCheck, evidenceCheck } from './modules/files/files.verify.ts'
import { makeIdentityService } from './modules/identity/identity.service.ts'
import { makeInvitationsService } from './modules/invitations/invitations.service.ts'
import { makeJournalPages } from './modules/ledger/journal.list.ts'
import { makeLedgerService } from './modules/ledger/ledger.service.ts'
import { makeNotificationsService } from './modules/notifications/notifications.service.ts'
import { messageCheck, templateCheck, wishCheck } from './modules/notifications/notifications.verify.ts'
import { makePeopleService } from './modules/people/people.service.ts'
import { makeCalendarService } from './modules/policies/calendar.service.ts'
import { correctionCheck } from './modules/policies/calendar.verify.ts'
import { makePoliciesService } from './modules/policies/policies.service.ts'
import { makePublicationService } from './modules/publication/publication.service.ts'
import { publicationCheck } from './modules/publication/publication.verify.ts'
import { makeSummariesService } from './modules/publication/summary.service.ts'
import { summaryCheck } from './modules/publication/summary.verify.ts'
import { makeConcerned } from './modules/rectification/case.concerned.ts'
import { makeCaseHistory } from './modules/rectification/case.history.ts'
import { makeCasesOfSources } from './modules/rectification/case.sources.ts'
import { linkCheck } from './modules/rectification/case.sources.verify.ts'
import { makeWholeCase } from './modules/rectification/case.whole.ts'
import { makeCaseFile } from './modules/rectification/case-file.ts'
import { commitmentCheck } from './modules/rectification/commitments.consumer.ts'
import { makeCaseDeadlines } from './modules/rectification/deadlines.ts'
import { makeRectificationService } from './modules/rectification/rectification.service.ts'
import { caseCheck } from './modules/rectification/rectification.verify.ts'
import { makeRegistersService } from './modules/rectification/registers.service.ts'
import { makeSavedViewsService } from './modules/saved-views/saved-views.service.ts'
import { makeStatisticsService } from './modules/statistics/statistics.service.ts'
import { statisticsCheck } from './modules/statistics/statistics.verify.ts'
import { makeOrderDeadlines } from './modules/supervision/order.deadlines.ts'
import { makeOrderMarks } from './modules/supervision/order.marks.ts'
import { makeSupervisionService } from './modules/supervision/supervision.service.ts'
import { orderCheck, retaliationCheck, spotCheckCheck } from './modules/supervision/supervision.verify.ts'
import type { App } from './platform/context.ts'

export type Services = ReturnType<typeof makeServices>

/** Builds every service and hands each what it needs of the others: the one place where the house is wired. */
export function makeServices(app: App) {
  const catalog = makeCatalogService(app)
  const policies = makePoliciesService(app, { catalog })
  const books = [makeCaseDeadlines(app), makeAppealDeadlines(app), makeOrderDeadlines(app)]
  const calendar = makeCalendarService(app, { catalog, policies, books })
  const people = makePeopleService(app)
  const invitations = makeInvitationsService(app)
  const affairs = makeAffairsService(app, { invitations, people, catalog, policies })
  const evaluations = makeEvaluationsService(app, { invitations, people, catalog, policies })
  const complaints = makeComplaintsService(app, { catalog, affairs, people, invitations })
  const about = makeConcerned(app, { affairs, ratedBy, complaintsOf: complaints.aboutOf })
  const sources = makeCasesOfSources(app, about)
  const followUps = makeFollowUps(app, { invitations, policies, standing: sources.standing })
  const complaintViews = makeComplaintViews(app, { people, catalog, casesOf: sources.casesOf, ...about })
  const caseSources = makeCaseSources(app, { people, sourcesOf: sources.sourcesOf })
  const identity = makeIdentityService(app, { catalog, policies })
  const ledger = makeLedgerService(app)
  const statistics = makeStatisticsService(app, { catalog, policies })
  const views = makeEvaluationViews(app, {
    evaluations,
    affairs,
    people,
    catalog,
    caseStates: sources.casesOf,
    concerned: about.concerned,
  })
  const files = makeFilesService(app)
  const rectification = makeRectificationService(app, {
    catalog,
    policies,
    identity,
    files,
    evaluationViews: views,
    people,
    lostClaims,
    mattersOf: affairs.mattersOf,
    orders: makeOrderMarks(app),
    ...about,
  })
  const registers = makeRegistersService(app, { catalog, concerned: about.concerned })
  const supervision = makeSupervisionService(app, {
    registers,
    rectification,
    catalog,
    identity,
    policies,
    files,
    about,
  })
  const { answerSurvey } = rectification
  const surveyReply = makeSurveyReplies(app, { people, asked: sources.asked, answerSurvey })
  const cases = { ...sources, surveyReply }
  const notifications = makeNotificationsService(app, {
    people,
    invitations,
    catalog,
    policies,
    identity,
    cases,
    about,
  })
  const summaries = makeSummariesService(app, { catalog, policies, statistics })
  const publication = makePublicationService(app, { catalog, policies, people, identity, ledger, statistics })
  const appeals = makeAppealsService(app, {
    catalog,
    policies,
    identity,
    evaluations,
    evaluationViews: views,
    people,
    files,
    cases: sources,
    about,
  })
  const wholeCase = makeWholeCase({ rectification, supervision, appeals })
  return {
    catalog,
    policies,
    calendar,
    people,
    invitations,
    affairs,
    evaluations,
    followUps,
    complaints,
    complaintViews,
    about,
    caseSources,
    cases,
    identity,
    ledger,
    journal: makeJournalPages(app, {
      identity,
      numbered: [
        async (official, number) =>
          (await evaluations.list(official, { receipt: number }, 1, 1)).rows.map((row) => row.evaluation_id),
        async (official, number) =>
          (await complaintViews.page(official, { number }, 1, 20)).items.map((row) => row.id),
        sources.numbered,
      ],
    }),
    statistics,
    views,
    files,
    rectification,
    wholeCase,
    caseHistory: makeCaseHistory(app, {
      catalog,
      figures: statistics,
      evaluations,
      servedAt: affairs.servedAt,
    }),
    caseFile: makeCaseFile(app, { wholeCase, ledger, files, caseSources }),
    registers,
    supervision,
    savedViews: makeSavedViewsService(app),
    appeals,
    notifications,
    publication,
    summaries,
    consumers: [
      rectification.consumer,
      registers.consumer,
      ...notifications.consumers,
      statistics.consumer,
      publication.consumer,
    ],
    chores: [
      ...rectification.chores,
      ...supervision.chores,
      ...appeals.chores,
      ...files.chores,
      { name: 'forget idle sessions', run: identity.sweep },
      { name: 'forget old nonces', run: affairs.sweep },
      { name: 'watch the calendar', run: calendar.watch },
      {
        name: 'carry out corrections of the calendar',
        run: () =>
          calendar.carryOut([rectification, appeals, supervision].map((room) => room.correctDeadlines)),
      },
      { name: "draft last month's summary", run: summaries.draftLastMonth },
      { name: 'remind of summaries that are not published', run: summaries.remind },
    ],
    couriers: notifications.couriers,
    rowChecks: [
      visitCheck(app, invitations),
      evaluationCheck(app),
      followUpCheck(app),
      complaintCheck(app, complaints),
      personCheck(people),
      caseCheck,
      linkCheck,
      correctionCheck,
      commitmentCheck,
      orderCheck,
      spotCheckCheck,
      retaliationCheck,
      appealCheck,
      evidenceCheck,
      messageCheck,
      wishCheck,
      templateCheck,
      statisticsCheck,
      publicationCheck(ledger, publication.consumer.name),
      summaryCheck,
    ],
    /** besides the rows, the stored files themselves: reads all of them */
    contentChecks: [contentCheck(files.inspectContent)],
  }
}
