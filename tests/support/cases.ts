import { readFileSync } from 'node:fs'
import type { VisitReport } from '../../apps/server/src/modules/affairs/affairs.schema.ts'
import { csvFile, system } from '../../apps/server/src/modules/catalog/longming.fixture.ts'
import type { SubmitEvaluation } from '../../apps/server/src/modules/evaluations/evaluations.schema.ts'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import type { TestApp } from './app.ts'
import { PASSWORD, type Username } from './longming.ts'
import { rate } from './rating.ts'

const NATIONAL = new URL('../../data/national/', import.meta.url)
const national = (name: string) => readFileSync(new URL(name, NATIONAL), 'utf8')

/** Loads the working calendar of the years that are published. */
export const loadCalendar = (t: TestApp) =>
  t.services.catalog.importAll(
    [
      csvFile('calendar-years', national('calendar-years.csv')),
      csvFile('calendar', national('calendar.csv')),
    ],
    system,
  )

/** An official of the test city, as the guard would find them. */
export const official = async (t: TestApp, username: Username): Promise<Official> =>
  (await t.services.identity.signIn(username, PASSWORD)).official

/** A negative rating and the case it opened; gives the id of both. */
export async function aCase(
  t: TestApp,
  rating: Partial<SubmitEvaluation> = {},
  visit: Partial<VisitReport> = {},
): Promise<string> {
  const receipt = await rate(
    t,
    { level: 1, words: '跑了三趟', ...rating },
    { servedAt: servedNow(t), ...visit },
  )
  await t.settle()
  return receipt.evaluationId
}

const servedNow = (t: TestApp) => new Date(t.clock.now.getTime() - 600_000).toISOString()

/** Lets an official do something with a case as it stands now. */
export async function act(
  t: TestApp,
  by: Official,
  id: string,
  event: string,
  values: Record<string, string | string[]> = {},
) {
  const { version } = await t.services.rectification.detail(by, id)
  return t.services.rectification.act(by, id, event, { version, values })
}

/** The smallest PNG there is. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Evidence for a case; gives the id of the file. */
export const evidence = async (t: TestApp, by: Official, id: string, content: Buffer = PNG) =>
  (await t.services.rectification.attach(by, id, { name: '整改照片.png', content })).fileId

/** The journal's entries of a case, oldest first. */
export const journalOf = async (t: TestApp, id: string) =>
  (
    await t.asOwner(
      `select kind, actor, payload from journal_entry where subject_id = $1 and kind like 'case.%'
       order by (payload ->> 'version')::int`,
      [id],
    )
  ).rows as { kind: string; actor: string; payload: Record<string, unknown> }[]

/** A case that an official has signed for, to be verified by themselves. */
export async function aSignedCase(t: TestApp, by: Official): Promise<string> {
  const id = await aCase(t)
  await act(t, by, id, 'sign', { verifier: by.accountId })
  return id
}

/** Proposes not to adopt the rating of a signed case. */
export const proposeRejection = async (
  t: TestApp,
  by: Official,
  id: string,
  rejectionReason: 'mistaken' | 'malicious' = 'malicious',
) =>
  act(t, by, id, 'propose_rejection', {
    rejectionReason,
    finding: '当日没有办理过此事',
    evidence: [await evidence(t, by, id)],
  })
