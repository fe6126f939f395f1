import type { TestApp } from './app.ts'

/** A moment of the year the tests play in: '11-24T10:00'. */
export const inTestYear = (text: string) => new Date(`2026-${text}:00+08:00`)

/** Lets the keeper of a room's clocks come by at a moment, twice as it well may. */
export async function keeperAt(
  t: TestApp,
  moment: string,
  { chores }: { chores: readonly { run(): Promise<unknown> }[] },
) {
  t.clock.now = inTestYear(moment)
  for (let i = 0; i < 2; i++) for (const chore of chores) await chore.run()
  await t.settle()
}

/** What stands in the inboxes about an address that holds a text: by which template, whose, its title; oldest first. */
export const inboxOf = async (t: TestApp, path: string) =>
  (
    await t.asOwner(
      `select template, username, title from inbox_item join account using (account_id)
       where path like '%' || $1 || '%' order by inbox_item.created_at, title, username`,
      [path],
    )
  ).rows as { template: string; username: string; title: string }[]

/** Who was warned of a deadline, or told that it has passed: 'district-dh: 申诉处理期限已到50%：…', oldest first. */
export const warned = async (t: TestApp, path: string): Promise<string[]> =>
  (await inboxOf(t, path))
    .filter(({ template }) => template === 'inbox_warned' || template === 'inbox_escalated')
    .map(({ username, title }) => `${username}: ${title}`)
