import type { TestApp } from './app.ts'

export const NOTICE = '国务院办公厅关于调整2026年放假安排的通知（测试用）'

/** The lines of a year's notice as it stands, with some lines more and without some days. */
export async function noticeLines(
  t: TestApp,
  year: number,
  more: readonly string[] = [],
  without: readonly string[] = [],
): Promise<string[]> {
  const { rows } = await t.asOwner(
    'select day::text, kind, name from calendar_day where year = $1 order by day',
    [year],
  )
  const lines = rows
    .filter(({ day }) => !without.includes(day))
    .map(({ day, kind, name }) => `${day},${kind},${name}`)
  return ['day,kind,name', ...lines, ...more]
}

/** The same as the file that the city sends. */
export const noticeOf = async (
  t: TestApp,
  year: number,
  more: readonly string[] = [],
  without: readonly string[] = [],
) => ({
  year,
  source: NOTICE,
  format: 'csv' as const,
  content: Buffer.from((await noticeLines(t, year, more, without)).join('\n')),
})

/** Runs a chore by its name. */
export const chore = (t: TestApp, name: string) => t.services.chores.find((one) => one.name === name)!.run()

/** What the keeper of the calendar does within two minutes of a correction. */
export async function carryOut(t: TestApp) {
  await chore(t, 'carry out corrections of the calendar')
  t.clock.forward(61_000)
  await chore(t, 'carry out corrections of the calendar')
  await t.settle()
}

/** The entries of a kind, oldest first. */
export const entriesOf = async (t: TestApp, kind: string): Promise<{ payload: Record<string, unknown> }[]> =>
  (await t.asOwner('select payload from journal_entry where kind = $1 order by recorded_at', [kind])).rows
