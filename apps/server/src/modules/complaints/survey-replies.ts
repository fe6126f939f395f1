import type { App } from '../../platform/context.ts'
import { Problem } from '../../platform/problem.ts'
import { ratingBrief } from '../evaluations/evaluations.brief.ts'
import type { PeopleService } from '../people/people.service.ts'
import * as store from './complaints.store.ts'

/** One that a case waits for an answer of, with the number of the case. */
interface Asked {
  sourceId: string
  caseNumber: string
}

interface Needs {
  people: Pick<PeopleService, 'heldWith'>
  /** those of some ratings and complaints whose case waits for their answer */
  asked(sourceIds: string[]): Promise<Asked[]>
  answerSurvey(sourceId: string, given: { answer: 'satisfied' | 'unsolved' }): Promise<void>
}

/** What became of a reply. `which`: several cases wait for this person, and the reply does not say which. */
export type ReplyStatus = 'answered' | 'which' | 'nothing-asked' | 'ignored'

/** '1' solved, '2' not solved, and after it, where somebody has several, the letters at the end of a case's number. */
const REPLY = /^\s*["“]?([12１２])["”]?[\s,，.。:：]*(?:CP\d{8}-)?([2-9A-Z]{8})?[\s.。!！]*$/i

/** The re-survey by SMS reply (R17, Q70). Only who gave their name and was asked can answer by telephone. */
export function makeSurveyReplies(app: App, { people, asked, answerSurvey }: Needs) {
  const realName = async (id: string) =>
    ((await ratingBrief(app.db.system, id)) ?? (await complaintWishes(id)))?.realName ?? false

  const complaintWishes = async (id: string) => {
    const complaint = await store.complaintById(app.db.system, id)
    return complaint && { realName: complaint.real_name }
  }

  /** Those who wait for this telephone, of the case named where one is. */
  async function waiting(phone: string, letters: string | undefined): Promise<Asked[]> {
    const found = await asked(await people.heldWith(app.db.system, phone))
    const named = await Promise.all(found.map(({ sourceId }) => realName(sourceId)))
    return found.filter(
      ({ caseNumber }, i) => named[i] && (!letters || caseNumber.endsWith(`-${letters.toUpperCase()}`)),
    )
  }

  return async function surveyReply(phone: string, text: string): Promise<ReplyStatus> {
    const read = REPLY.exec(text)
    if (!read) return 'ignored'
    const candidates = await waiting(phone, read[2])
    const [one, ...more] = candidates
    if (!one) return 'nothing-asked'
    if (new Set(candidates.map(({ caseNumber }) => caseNumber)).size > 1) return 'which'
    const answer = read[1] === '1' || read[1] === '１' ? 'satisfied' : 'unsolved'
    try {
      // Who spoke of the same matter twice, by a rating and by the hotline, answers for both.
      for (const { sourceId } of [one, ...more]) await answerSurvey(sourceId, { answer })
    } catch (error) {
      // Closed or answered by the link in the same moment: what was said first stands.
      if (!(error instanceof Problem && error.status === 409)) throw error
      return 'nothing-asked'
    }
    return 'answered'
  }
}
