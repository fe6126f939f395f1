import { type CaseState, shanghaiDate } from '@haochaping/rules'
import { Problem } from '../platform/problem.ts'
import { caseSteps, stepsFrom } from './cases.ts'
import { evidenceFile } from './evidence.ts'
import { type CasePlan, type CaseStep, drawnPlan, type RatedBy } from './plans.ts'
import type { Stage } from './stage.ts'
import { atMinute, workingDayFrom } from './worktime.ts'

/** A negative rating or a complaint whose case will be worked. */
export interface ExpectedCase extends RatedBy {
  evaluationId: string
  /** who handles it; another one once it was re-assigned */
  organizationId: string
  staffNumber: string
  openedAt: Date
  plan: CasePlan | undefined
}

/** Whoever looks at a case that went another way than was planned, so often and no oftener. */
const LOOKS = 8
const MORNING = 8 * 60 + 40
/** Events after which a case waits for the citizen: nobody needs to look at it. */
const RESTS: readonly string[] = ['reply', 'answer', 'record_solved']

/** Works cases: each by its plan, and where something came between, from where it is found standing. */
export function makeCaseWork(stage: Stage) {
  const { services, officials, random, calendar, until } = stage
  const { rectification } = services
  let opened: ExpectedCase[] = []
  let begun = 0
  const looks = new Map<string, number>()
  /** the version of each case under way as it was last seen */
  const versions = new Map<string, number>()
  const underWay = new Set<string>()

  const doer = ({ by }: CaseStep, { organizationId }: ExpectedCase) => {
    if (by === 'co') return officials.neighbour(organizationId).then((id) => officials.handler(id))
    return by === 'manager' ? officials.manager(organizationId) : officials.handler(organizationId)
  }

  /** What an act names besides its words: people, organisations, files. */
  async function named(expected: ExpectedCase, step: CaseStep): Promise<Record<string, string | string[]>> {
    const { evaluationId, organizationId } = expected
    const official = await doer(step, expected)
    if (step.event === 'sign') return { verifier: official.accountId }
    if (step.event === 'change_verifier')
      return { verifier: (await officials.deputy(organizationId)).accountId }
    if (step.event === 'propose_transfer') {
      const body = await services.catalog.managementBodyFor(organizationId)
      return { organization: body?.id ?? organizationId }
    }
    if (step.event === 'add_co_handler') return { organization: await officials.neighbour(organizationId) }
    if (!step.evidence) return {}
    const file = await rectification.attach(official, evaluationId, evidenceFile(evaluationId))
    return { evidence: [file.fileId] }
  }

  async function act(expected: ExpectedCase, step: CaseStep): Promise<void> {
    const { evaluationId, organizationId } = expected
    if (step.by === 'citizen')
      return rectification.answerSurvey(evaluationId, {
        ...step.values,
        answer: step.values.answer as 'satisfied' | 'basically' | 'unsolved',
      })
    const { event } = step
    if (event === 'answer') return
    const official = await doer(step, expected)
    const values = { ...step.values, ...(await named(expected, step)) }
    const done = (version: number) => rectification.act(official, evaluationId, event, { version, values })
    let seen: { version: number }
    try {
      seen = await done(versions.get(evaluationId) ?? 1)
    } catch (error) {
      // The citizen or the clock was there meanwhile.
      if (!(error instanceof Problem && error.code === 'case-stale')) throw error
      seen = await done((await rectification.detail(official, evaluationId)).version)
    }
    versions.set(evaluationId, seen.version)
    if (event === 'accept_transfer')
      expected.organizationId =
        (await services.catalog.managementBodyFor(organizationId))?.id ?? organizationId
  }

  function next(expected: ExpectedCase, steps: readonly CaseStep[], i: number): void {
    const step = steps[i]
    underWay.add(expected.evaluationId)
    if (!step || step.at >= until) {
      versions.delete(expected.evaluationId)
      underWay.delete(expected.evaluationId)
      const last = steps[i - 1]
      if (!step && last && expected.plan?.stop === undefined && !RESTS.includes(last.event))
        lookAgain(expected, last.at)
      return
    }
    stage.later(step.at, async () => {
      if (await stage.tried(step.event, () => act(expected, step))) next(expected, steps, i + 1)
      else {
        underWay.delete(expected.evaluationId)
        if (expected.plan?.stop === undefined) lookAgain(expected, step.at)
      }
    })
  }

  /** Somebody looks at a case the next working day, and goes on from where it stands. */
  function lookAgain(expected: ExpectedCase, after: Date): void {
    const { evaluationId } = expected
    const morning = atMinute(workingDayFrom(calendar, shanghaiDate(after), 1), MORNING)
    stage.later(morning, async () => {
      const count = (looks.get(evaluationId) ?? 0) + 1
      looks.set(evaluationId, count)
      if (count > LOOKS || underWay.has(evaluationId)) return
      await stage.tried('look', async () => {
        const official = await officials.manager(expected.organizationId)
        const seen = await rectification.detail(official, evaluationId)
        versions.set(evaluationId, seen.version)
        const persons = seen.persons.filter((person) => !person.doNotContact).map((person) => person.id)
        const going: ExpectedCase = {
          ...expected,
          organizationId: seen.organizationId,
          callBack: persons.length > 0,
          spared: seen.realName && persons.length === 0,
          persons,
          plan: undefined,
        }
        const found = { state: seen.state as CaseState, at: morning }
        next(going, stepsFrom(random.fork(90_000_000 + begun++), calendar, found, going), 0)
      })
    })
  }

  return {
    expect: (expected: ExpectedCase) => void opened.push(expected),
    lookAgain,
    /** Plans what will be done about the cases that were opened meanwhile; gives how many. */
    begin(now: Date): number {
      // Sorted: submissions made at once are answered in no fixed order, and the sequence must not depend on it.
      const batch = opened.sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
      opened = []
      for (const expected of batch) {
        const own = random.fork(1_000 + begun++)
        const course = expected.plan ?? drawnPlan(own)
        const within = expected.plan?.stop === undefined ? undefined : new Date(until.getTime() - 120_000)
        const seenAt = expected.openedAt > now ? expected.openedAt : now
        next(expected, caseSteps(own, calendar, seenAt, course, expected, within), 0)
      }
      return batch.length
    },
  }
}
export type CaseWork = ReturnType<typeof makeCaseWork>
