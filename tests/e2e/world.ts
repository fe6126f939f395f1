import { randomUUID } from 'node:crypto'
import { type Browser, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { type InvitationAnswer, type PartnerKey, reportVisits } from '../support/partner.ts'

/** Where the city of these tests runs. */
export const url = process.env.E2E_URL ?? ''
const partner = JSON.parse(process.env.E2E_PARTNER ?? '{}') as PartnerKey

/** The organisation of the demo's handler, head and window staff, with its window in 南关区. */
export const HANDLING = {
  organizationId: '220102-rsj',
  itemCode: '11220102999900564A4002014021000',
  itemName: '失业登记',
  hallCode: 'NG',
  windowCode: 'NG-B01',
  staffNumber: 'CC0114',
}
/** One of another district. */
export const ELSEWHERE = { organizationId: '220103-rsj' }

export const PASSWORD = 'haochaping'
export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1440, height: 900 }

/** Reports a visit at the window, as the hall's system does, and gives the invitation for the citizen. */
export async function visit(more: Record<string, unknown> = {}): Promise<InvitationAnswer> {
  const [answer] = await reportVisits(url, partner, [
    {
      affairNumber: `NG${randomUUID().replaceAll('-', '').slice(0, 20)}`,
      visitNumber: 1,
      stage: '办结',
      onSite: true,
      itemCode: HANDLING.itemCode,
      windowCode: HANDLING.windowCode,
      staffNumber: HANDLING.staffNumber,
      applicantType: '1',
      applicant: { name: '赵晓燕', phone: '13843100001' },
      servedAt: new Date(Date.now() - 120_000).toISOString(),
      ...more,
    },
  ])
  return answer!
}

/** A citizen's phone; without script unless it is asked for. */
export const phone = (browser: Browser, options: { script?: boolean } = {}): Promise<BrowserContext> =>
  browser.newContext({
    baseURL: url,
    viewport: PHONE,
    isMobile: true,
    hasTouch: true,
    deviceScaleFactor: 2,
    javaScriptEnabled: options.script ?? false,
    locale: 'zh-CN',
    userAgent:
      'Mozilla/5.0 (Linux; Android 13; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36',
  })

/** An official's desk, signed in through the screen. */
export async function desk(browser: Browser, username: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: DESKTOP, locale: 'zh-CN' })
  const page = await context.newPage()
  await signIn(page, username)
  return page
}

/** Signs in on the console's own page. */
export async function signIn(page: Page, username: string): Promise<void> {
  await page.goto('/console/')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.locator('header').getByText('示例')).toBeVisible()
}

/** An official's hands without a screen: signs in and calls the interface. */
export async function officialApi(username: string) {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  })
  if (!answer.ok) throw new Error(`${username} cannot sign in: ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
  const session = (await answer.json()) as { csrfToken: string; official: { accountId: string } }
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        cookie,
        'x-csrf-token': session.csrfToken,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { call, accountId: session.official.accountId }
}
export type OfficialApi = Awaited<ReturnType<typeof officialApi>>

/** Rates with a token by the interface for programs; gives the receipt. */
export async function rate(token: string, evaluation: Record<string, unknown> = {}) {
  const answer = await fetch(`${url}/api/v1/evaluations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token,
      evaluation: {
        level: 1,
        optionCodes: [],
        words: '等了一个上午没有办成。',
        realName: false,
        channel: 3,
        submissionId: randomUUID(),
        ...evaluation,
      },
    }),
  })
  if (!answer.ok) throw new Error(`the rating was refused: ${await answer.text()}`)
  return (await answer.json()) as { evaluationId: string; receiptNumber: string; receiptToken: string }
}

/** Asks again until there is an answer: cases are opened, figures counted and pages filled a moment later. */
export async function eventually<T>(
  ask: () => Promise<T | null | undefined | false>,
  what: string,
): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((r) => setTimeout(r, 200))
  }
  throw new Error(`waited 20 s in vain for ${what}`)
}

interface CaseDetail {
  id: string
  version: number
  state: string
  caseNumber: string
  round: number
}

/** The case of a rating, once it has been opened. */
export const caseOf = (official: OfficialApi, evaluationId: string): Promise<CaseDetail> =>
  eventually(async () => {
    const answer = await official.call('GET', `/api/v1/cases/${evaluationId}`)
    return answer.ok ? ((await answer.json()) as CaseDetail) : null
  }, `the case of ${evaluationId}`)

/** Moves a case by one event. */
export async function act(official: OfficialApi, id: string, event: string, values: Record<string, unknown>) {
  const { version } = await caseOf(official, id)
  const answer = await official.call('POST', `/api/v1/cases/${id}/events/${event}`, { version, values })
  if (!answer.ok) throw new Error(`${event} was refused: ${await answer.text()}`)
  return (await answer.json()) as CaseDetail
}

/** Works an anonymous case up to the re-survey: signed for, found without legal basis, explained, answered. */
export async function workToReply(handler: OfficialApi, id: string): Promise<void> {
  await act(handler, id, 'sign', { verifier: handler.accountId })
  await act(handler, id, 'explain', {
    finding: '经核实，群众要求当场领取，依规定须审核。',
    legalBasis: '《就业服务与就业管理规定》',
  })
  await act(handler, id, 'explained', { explanation: '已向群众说明审核时限。', evidence: [] })
  await act(handler, id, 'reply', { reply: '审核需要 5 个工作日，完成后短信通知您领取。' })
}

/** Closes what a test opened, so that pages left behind do not go on working beside the next one. */
export const test = base.extend<{ tidy: undefined }>({
  tidy: [
    async ({ browser }, use) => {
      await use(undefined)
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
})
export { expect }
