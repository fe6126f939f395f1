import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import type { TestApp } from './app.ts'
import { PNG } from './cases.ts'
import { DONGHU, PASSWORD } from './longming.ts'

/** Evidence for an appeal; gives the id of the file. */
export const appealEvidence = async (t: TestApp, by: Official, id: string) =>
  (await t.services.appeals.attach(by, id, { name: '监控截图.png', content: PNG })).fileId

/** Files an appeal, with evidence where it claims that the rating is mistaken or malicious. */
export async function appeal(
  t: TestApp,
  by: Official,
  id: string,
  claim: 'mistaken' | 'malicious' | 'partly' = 'mistaken',
) {
  const evidence = claim === 'partly' ? [] : [await appealEvidence(t, by, id)]
  return t.services.appeals.file(by, id, { claim, statement: '当日该窗口未受理过此事。', evidence })
}

/** Lets an official do something with an appeal as it stands now. */
export async function actOnAppeal(
  t: TestApp,
  by: Official,
  id: string,
  event: string,
  values: Record<string, string | string[]> = {},
) {
  const { version } = await t.services.appeals.detail(by, id)
  return t.services.appeals.act(by, id, event, { version, values })
}

/** The citizen's say, so that it can be decided at once. */
export const citizenAnswers = (t: TestApp, id: string, words = '我确实去过，等了一上午。') =>
  t.services.appeals.answerAppeal(id, 'citizen_answer', words)

/** One more official of the test city. */
export async function oneMore(
  t: TestApp,
  username: string,
  of: { role: Official['role']; organizationId: string; staffNumber?: string },
): Promise<Official> {
  await t.services.identity.createAccount('system', {
    username,
    displayName: username,
    password: PASSWORD,
    demo: true,
    ...of,
  })
  return (await t.services.identity.signIn(username, PASSWORD)).official
}

/** The rated staff member of the test city, signed in as somebody who handles cases. */
export const ratedHandler = (t: TestApp) =>
  oneMore(t, 'rated-handler', {
    role: 'handler',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.staff,
  })
