import type { AppealClaim, AppealOutcome } from '@haochaping/rules'
import type { ExpectedCase } from './casework.ts'
import { evidenceFile } from './evidence.ts'
import type { Random } from './random.ts'
import type { Stage } from './stage.ts'
import { APPEAL_WORDS as SAY } from './words.officials.ts'
import { afterOfficeMinutes } from './worktime.ts'

/** How an appeal is to go. */
export interface AppealPlan {
  claim: AppealClaim
  by: 'organization' | 'staff'
  /** the citizen says what happened, or lets their days pass */
  citizen: 'answers' | 'silent'
  /** what is decided; 'withdrawn' by the appellant before that, null: nothing yet */
  outcome: AppealOutcome | 'withdrawn' | null
  /** what the city decides when it is asked for a re-examination; null: nothing yet, undefined: nobody asks */
  again?: AppealOutcome | null
  /** office minutes from the rating to the appeal */
  after: number
  /** office minutes from when it may be decided to the decision */
  decideAfter: number
}

/** How an appeal goes that nobody chose a way for; undefined: nobody appeals. */
export function drawnAppeal(random: Random, staffNumber: string): AppealPlan | undefined {
  if (!random.chance(0.05)) return undefined
  const claim = random.weighted([
    [6, 'mistaken'],
    [2, 'malicious'],
    [3, 'partly'],
  ] as const)
  const outcome = random.weighted<AppealOutcome | 'withdrawn'>([
    [50, 'upheld'],
    [16, 'partly'],
    [18, 'mistaken'],
    [8, 'malicious'],
    [8, 'withdrawn'],
  ])
  return {
    claim,
    by: staffNumber !== '' && random.chance(0.4) ? 'staff' : 'organization',
    citizen: random.chance(0.55) ? 'answers' : 'silent',
    outcome,
    ...(random.chance(0.3) && { again: random.pick(['upheld', 'partly', 'mistaken'] as const) }),
    after: random.between(60, 1_500),
    // Some are heard late: the clock says so.
    decideAfter: random.chance(0.08) ? 4_500 : random.between(60, 1_200),
  }
}

/** Plays appeals of those who were rated, and re-examinations (R29, Q99, Q100). */
export function makeAppealWork({ services, officials, calendar, later, tried }: Stage) {
  const { appeals } = services

  const evidenceFor = async (by: Parameters<typeof appeals.attach>[0], id: string) =>
    (await appeals.attach(by, id, { ...evidenceFile(id), name: '监控截图（示例）.png' })).fileId

  /** Lets somebody do something with an appeal as it stands then. */
  const act = (
    who: Promise<Parameters<typeof appeals.act>[0]>,
    id: string,
    event: string,
    values: Record<string, string>,
  ) =>
    tried(`appeal ${event}`, async () => {
      const official = await who
      const { version } = await appeals.detail(official, id)
      await appeals.act(official, id, event, { version, values })
    })

  function file(expected: ExpectedCase, plan: AppealPlan): void {
    const { evaluationId: id, organizationId, staffNumber, openedAt } = expected
    const appellant = () =>
      plan.by === 'staff' && staffNumber !== ''
        ? officials.staff(organizationId, staffNumber)
        : officials.handler(organizationId)
    const filedAt = afterOfficeMinutes(calendar, openedAt, plan.after)
    const after = (from: Date, minutes: number) => afterOfficeMinutes(calendar, from, minutes)

    /** The citizen speaks, or their days pass; then something follows so many office minutes later. */
    function heard(from: Date, answerUntil: Date, minutes: number, then: (at: Date) => Promise<unknown>) {
      const answersAt = after(from, 240)
      if (plan.citizen === 'answers')
        later(answersAt, async () => {
          await tried('appeal citizen_answer', () => appeals.answerAppeal(id, 'citizen_answer', SAY.citizen))
        })
      const at = after(plan.citizen === 'answers' ? answersAt : answerUntil, minutes)
      later(at, async () => void (await then(at)))
    }

    async function decide(at: Date) {
      const outcome = plan.outcome as AppealOutcome
      if (
        !(await act(officials.judge(organizationId), id, 'decide', { outcome, reason: SAY.reason[outcome] }))
      )
        return
      if (plan.again === undefined) return
      const asked = after(at, 500)
      later(asked, async () => {
        const done =
          outcome === 'upheld'
            ? await act(appellant(), id, 'request_reexamination', { statement: SAY.again })
            : await tried('appeal request_reexamination', () =>
                appeals.answerAppeal(id, 'request_reexamination', SAY.citizenAgain),
              )
        if (!done || plan.again === undefined || plan.again === null) return
        const { answerUntil } = await appeals.detail(await officials.judge(organizationId, true), id)
        const [final, until] = [plan.again, new Date(answerUntil)]
        heard(asked, until, plan.decideAfter, () =>
          act(officials.judge(organizationId, true), id, 'reexamine', {
            outcome: final,
            reason: SAY.reason[final],
          }),
        )
      })
    }

    later(filedAt, async () => {
      const filed = await tried('appeal file', async () => {
        const by = await appellant()
        const evidence = plan.claim === 'partly' ? [] : [await evidenceFor(by, id)]
        const { answerUntil } = await appeals.file(by, id, {
          claim: plan.claim,
          statement: SAY.statement[plan.claim],
          evidence,
        })
        const until = new Date(answerUntil)
        if (plan.outcome === 'withdrawn')
          later(after(filedAt, 300), async () => {
            await act(appellant(), id, 'withdraw', { reason: SAY.withdrawn })
          })
        else if (plan.outcome !== null) heard(filedAt, until, plan.decideAfter, decide)
        else if (plan.citizen === 'answers') heard(filedAt, until, 0, () => Promise.resolve())
      })
      return void filed
    })
  }

  return { file }
}
export type AppealWork = ReturnType<typeof makeAppealWork>
