import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkYear, type Finding, openYear } from './year.check.ts'
import { playYear } from './year.play.ts'

// It ends in a year that the State Council has not told the holidays of.
const UNTIL = new Date('2027-01-08T16:00:00+08:00')
/** A minute or two on a quiet machine; a busy one may take its time. */
const PLAYING_MS = 2_700_000

type Year = Awaited<ReturnType<typeof playYear>>
let year: Year

beforeAll(async () => {
  year = await playYear({ days: 365, ratings: 1_200, seed: 365, until: UNTIL })
}, PLAYING_MS)
afterAll(() => year?.close())

const kinds = async () =>
  new Map(
    (
      await year.query<{ kind: string; n: number }>(
        'select kind, count(*)::int as n from journal_entry group by kind',
      )
    ).map(({ kind, n }) => [kind, n]),
  )

describe('a simulated year (R14–R20, R29)', () => {
  test(
    'loses no case, gives each alarm of a clock once, and its registers and figures add up to the journal',
    async () => {
      expect(await checkYear(year.year)).toEqual([])
    },
    PLAYING_MS,
  )

  test('holds all that may happen to a case, and nearly nothing that was tried was refused', async () => {
    const happened = await kinds()
    for (const kind of [
      ...['case.fix_now', 'case.promise', 'case.explain', 'case.confirm_rejection', 'case.refuse_rejection'],
      ...['case.approve_extension', 'case.accept_transfer', 'case.refuse_transfer', 'case.co_report'],
      ...['case.record_contact', 'case.answer_solved', 'case.answer_unsolved', 'case.close_unanswered'],
      ...['case.direct_again', 'case.warned', 'case.escalated', 'case.overdue', 'case.joined'],
      ...['complaint.received', 'evaluation.followed_up', 'message.sent', 'summary.published'],
      ...['appeal.decided', 'appeal.became_final', 'appeal.reexamined'],
      ...['supervision.ordered', 'supervision.accepted', 'supervision.check_closed'],
      ...['supervision.retaliation_reported', 'supervision.retaliation_answered'],
    ])
      expect(happened.get(kind), kind).toBeGreaterThan(0)
    const done = [...happened]
      .filter(([kind]) => kind.startsWith('case.'))
      .reduce((n, [, count]) => n + count, 0)
    const refused = [...year.played!.refused.values()].reduce((n, count) => n + count, 0)
    expect(refused, JSON.stringify([...year.played!.refused])).toBeLessThan(done / 20)
    const methods = await year.query('select distinct method from spot_check')
    expect(methods).toHaveLength(4)
  })

  test('shows as provisional what runs into a year whose holidays are not known', async () => {
    const [crossing] = await year.query<{ n: number }>(
      "select count(*)::int as n from rectification_case where missing_years @> '{2027}'",
    )
    expect(crossing!.n).toBeGreaterThan(0)
    expect(await year.services.calendar.missing()).toMatchObject([{ year: 2027 }])
  })
})

/** What the check says while a statement of the owner has changed something; all of it is taken back after. */
async function whileBroken(sql: string, part: string): Promise<Finding[]> {
  await year.query('begin')
  try {
    await year.query("set local session_replication_role = 'replica'")
    await year.query(sql)
    // What the services tell is not broken: they read outside this transaction.
    return await checkYear(year.year, { only: [part] })
  } finally {
    await year.query('rollback')
  }
}

describe('the check of a year finds', () => {
  const aCase = (where: string) =>
    `evaluation_id = (select evaluation_id from rectification_case where ${where} order by 1 limit 1)`
  const BREAKS: Record<string, [part: string, sql: string, said: RegExp]> = {
    'a case that was lost': [
      'cases lost',
      `delete from rectification_case where ${aCase("state = 'closed' and source_kind = 'rating'")}`,
      /(has no case|times, and has 0 rows)/,
    ],
    'a case nothing opened': [
      'cases lost',
      `delete from journal_entry where kind = 'case.opened' and subject_id =
        (select evaluation_id from rectification_case order by 1 limit 1)`,
      /no entry of its opening/,
    ],
    'a rating with two cases': [
      'cases lost',
      `insert into matter_link (evaluation_id, matter_id, case_evaluation_id, linked_at, entry_id)
        select evaluation_id, matter_id, (select max(evaluation_id::text)::uuid
        from rectification_case), opened_at, gen_random_uuid() from rectification_case
        where matter_id is not null order by 1 limit 1`,
      /joined to another one/,
    ],
    'a case nobody waits for': [
      'cases stuck',
      `update rectification_case set clocks = '[]' where ${aCase("state <> 'closed'")}`,
      /no clock of its state runs/,
    ],
    'a case closed without a reply': [
      'closed without a reply',
      `delete from journal_entry where kind = 'case.reply' and subject_id =
        (select evaluation_id from rectification_case where state = 'closed' order by 1 limit 1)`,
      /is closed without a reply/,
    ],
    'an alarm that was not given': [
      'alarms',
      `update rectification_case set clocks = jsonb_set(clocks, '{0,fired}', '[]')
        where ${aCase("jsonb_array_length(clocks -> 0 -> 'fired') > 2")}`,
      /(nobody was told|the journal says)/,
    ],
    'an alarm that was given twice': [
      'alarms',
      `insert into journal_entry select subject_id, gen_random_uuid(), kind, recorded_at, actor, payload
        from journal_entry where kind = 'case.warned' order by 1 limit 1`,
      /the journal says/,
    ],
    'a deadline that hides that it is provisional': [
      'provisional deadlines',
      `update rectification_case set missing_years = '{}' where ${aCase("missing_years @> '{2027}'")}`,
      /crosses \[2027\]/,
    ],
    'a promise the register does not have': [
      'register of commitments',
      `insert into journal_entry select subject_id, gen_random_uuid(), kind, recorded_at, actor,
        jsonb_set(payload, '{version}', '9999') from journal_entry where kind = 'case.promise' order by 1 limit 1`,
      /the register says/,
    ],
    'a call-back the register does not have': [
      'register of call-backs',
      `delete from journal_entry where kind = 'case.record_contact'`,
      /contacted/,
    ],
    'a rating that no figure counts': [
      'figures',
      `delete from evaluation where evaluation_id = (select evaluation_id from evaluation
        where level = 5 order by 1 limit 1)`,
      /level_5/,
    ],
    'an appeal that was forgotten': [
      'appeals and orders',
      `update appeal set due_at = null where evaluation_id = (select evaluation_id from appeal
        where state in ('filed', 'reexamination_filed') order by 1 limit 1)`,
      /has no date/,
    ],
  }
  test.each(Object.entries(BREAKS))('%s', async (_what, [part, sql, said]) => {
    const found = await whileBroken(sql, part)
    expect(found.map(({ what }) => what)).toContainEqual(expect.stringMatching(said))
  })
})

test(
  'a year that becomes known leaves no deadline provisional, and the check is content',
  async () => {
    // Nothing of what is behind: an alarm that was given on a working day is not judged anew.
    const lines = ['day,kind,name', '2027-02-06,holiday,春节', '2027-02-20,workday,春节调休']
    const notice = {
      year: 2027,
      source: '测试用的通知',
      format: 'csv' as const,
      content: Buffer.from(lines.join('\n')),
    }
    expect(await year.services.calendar.loadYear(year.year.city, notice, false)).toMatchObject({
      committed: true,
    })
    await year.keepAt(new Date(UNTIL.getTime() + 60_000))
    const left = await year.query("select 1 from rectification_case where missing_years <> '{}'")
    expect(left).toEqual([])
    const reopened = await openYear(year.app, year.ownerUrl)
    expect(await checkYear(reopened.year)).toEqual([])
    await reopened.close()
  },
  PLAYING_MS,
)
