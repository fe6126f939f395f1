import type { AppealsService } from '../modules/appeals/appeals.service.ts'
import type { ComplaintsService } from '../modules/complaints/complaints.service.ts'
import type { EvaluationsService } from '../modules/evaluations/evaluations.service.ts'
import type { FollowUps } from '../modules/evaluations/follow-up.service.ts'
import type { Retaliation } from '../modules/supervision/retaliation.service.ts'
import type { ContactService } from './contact.routes.ts'
import type { FrameConfig } from './frame.ts'

export type ReceiptView = Awaited<ReturnType<EvaluationsService['receiptView']>>

export type ComplaintReceipt = Awaited<ReturnType<ComplaintsService['receiptView']>>

/** What a secret link opens: the receipt of a rating, or of a complaint. */
export type Progress =
  | { kind: 'rating'; receipt: ReceiptView }
  | { kind: 'complaint'; complaint: ComplaintReceipt }

/** An appeal against a rating, as its evaluator may see it. */
export type CitizenAppeal = NonNullable<Awaited<ReturnType<AppealsService['citizenAppeal']>>>

/** How the case opened by a negative rating stands, as its evaluator may see it. */
export interface CitizenCase {
  caseNumber: string
  state: string
  stateLabel: string
  organizationName: string
  dueAt: Date | null
  dueProvisional: boolean
  steps: { label: string; at: Date | null; done: boolean }[]
  reply: string | null
  replyAt: Date | null
  canAnswer: boolean
  /** answered already; others whose words the case is about have not */
  awaitsOthers: boolean
  /** what the organisation asks the citizen to add; null when it waits for nothing */
  question: string | null
  outcomeLabel: string | null
  rejectionReasonLabel: string | null
}

/** Who will answer a negative rating and by when, before its case exists. */
export interface Expected {
  organizationName: string
  signBy: Date
  answerBy: Date
  provisional: boolean
}

export type SurveyAnswer = 'satisfied' | 'basically' | 'unsolved'

/** A window as its tablet shows it. */
export interface HallWindow {
  hallName: string
  windowName: string
  /** '李明（工号 A017）', or null when nobody is signed in there. */
  staffName: string | null
}

/** What only a demonstration has. */
export interface DemoServices {
  newVisit(): Promise<{ token: string }>
  accounts: { username: string; password: string; displayName: string; roleLabel: string }[]
  windows: { hallCode: string; windowCode: string; label: string }[]
}

/** All the citizen pages ask of the rest of the house. */
export interface PagesServices {
  config: FrameConfig & { publicUrl: string }
  evaluations: Pick<EvaluationsService, 'openInvitation' | 'submit' | 'receiptView'>
  appeals: Pick<AppealsService, 'citizenAppeal' | 'answerAppeal'>
  followUps: Pick<FollowUps, 'open' | 'submit' | 'stateOf'>
  /** @throws Problem 404 receipt-unknown */
  progress(token: string): Promise<Progress>
  rectification: {
    citizenView(evaluationId: string): Promise<CitizenCase | null>
    supply(evaluationId: string, words: string): Promise<unknown>
    answerSurvey(evaluationId: string, given: { answer: SurveyAnswer; words?: string }): Promise<unknown>
    expected(receipt: ReceiptView): Promise<Expected>
  }
  contact: ContactService
  /** What goes past the organisation to the city authority (P6). */
  retaliation: Pick<Retaliation, 'report' | 'citizenView'>
  /** Null when there is no such window in that hall. */
  hallWindow(hallCode: string, windowCode: string): Promise<HallWindow | null>
  latestInvitation(windowCode: string): Promise<{ token: string } | null>
  demo?: DemoServices | undefined
}
