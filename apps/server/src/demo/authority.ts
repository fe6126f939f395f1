import type { ExpectedCase } from './casework.ts'
import type { Stage } from './stage.ts'
import { RETALIATION_WORDS as REPORT, SUMMARY_WORDS as SUMMARY } from './words.officials.ts'
import { afterOfficeMinutes, atMinute, workingDayFrom } from './worktime.ts'

/** Of a year's summaries, the one that is withdrawn and made again. */
const WITHDRAWN = 5

/** Plays what the city authority does itself: summaries of the months, and reports of retaliation (R19, P6). */
export function makeAuthority({ services, officials, calendar, later, tried }: Stage) {
  const { summaries, supervision } = services

  /** Approves, or has somebody else publish, the summaries of a month that stand in a state: the city's and the districts'. */
  async function move(state: 'draft' | 'approved', period: string, ofCityOnly = false) {
    const official = await officials.city(state === 'approved')
    const found = (await summaries.list(official)).filter(
      (one) =>
        one.state === state &&
        one.period === period &&
        (!ofCityOnly || one.scope === official.organizationId),
    )
    for (const { summaryId, version } of found)
      await tried(`summary ${state}`, () =>
        state === 'draft'
          ? summaries.approve(official, summaryId, version)
          : summaries.publish(official, summaryId, version),
      )
  }

  /** Takes the city's published summary back and makes it anew. */
  async function correct(period: string) {
    const official = await officials.city()
    const found = (await summaries.list(official)).find(
      ({ state, scope, ...one }) =>
        state === 'published' && scope === official.organizationId && one.period === period,
    )
    if (!found) return
    await tried('summary withdraw', async () => {
      await summaries.withdraw(official, found.summaryId, found.version, SUMMARY.withdrawal)
      await summaries.draftMonth(official, period)
    })
  }

  return {
    /** Enters what is to be done about the summary of each month that ends between these days. */
    planSummaries(days: readonly string[]): void {
      const months = [...new Set(days.map((day) => day.slice(0, 7)))]
      for (const [n, period] of months.entries()) {
        const [year = 0, month = 0] = period.split('-').map(Number)
        const following = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7)
        const day = (count: number) => atMinute(workingDayFrom(calendar, `${following}-05`, count), 600)
        // Of a demonstration's only whole month some are still to be approved, and one to be published.
        const begunOnly = n === 0 && months.length === 2
        later(day(1), () => move('draft', period, begunOnly))
        if (begunOnly) continue
        later(day(2), () => move('approved', period))
        if (n % 12 !== WITHDRAWN) continue
        later(day(4), () => correct(period))
        later(day(5), () => move('draft', period))
        later(day(6), () => move('approved', period))
      }
    },
    /** A citizen reports that they were made to suffer for a rating; it is answered, or not yet. */
    async hear(expected: ExpectedCase, answered: boolean): Promise<void> {
      const { evaluationId, organizationId, openedAt } = expected
      const organization = await services.catalog.organization(organizationId)
      const reportedAt = afterOfficeMinutes(calendar, openedAt, 700)
      later(reportedAt, async () => {
        const rating = { evaluationId, organizationId, regionCode: organization?.regionCode ?? '' }
        await tried('retaliation report', () =>
          supervision.retaliation.report(rating, { statement: REPORT.statement, contact: REPORT.contact }),
        )
      })
      if (!answered) return
      later(afterOfficeMinutes(calendar, reportedAt, 1_200), async () => {
        const official = await officials.city()
        const { items } = await supervision.retaliation.list(official, 'reported', 1, 100)
        const found = items.find((one) => one.id === evaluationId)
        if (!found) return
        await tried('retaliation answer', () =>
          supervision.retaliation.answer(official, evaluationId, found.reportId, {
            version: found.version,
            outcome: 'not_confirmed',
            answer: REPORT.answer,
          }),
        )
      })
    },
  }
}
