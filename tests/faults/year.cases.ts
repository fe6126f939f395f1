import { CASE_CLOCKS, CASE_STATES, type CaseState, MAIN_CLOCK } from '@haochaping/rules'
import type { Finished } from './year.check.ts'

/** Shown of a part that found many. */
const SHOWN = 20
type Found = { id: string; what: string }
const said = (rows: Found[]) => rows.slice(0, SHOWN).map(({ id, what }) => `${id}: ${what}`)

/** What must have a case: every negative rating (of the matter or of the hall, R9) and every complaint. */
const SOURCES = `select evaluation_id from evaluation where level <= 2 or hall_level <= 2
  union all select evaluation_id from complaint`

/** Every source has exactly one case, its own or the one it was joined to; row and journal say the same (R14). */
export async function casesLost({ rows }: Finished): Promise<string[]> {
  const found = await rows<Found>(`
    with source as (${SOURCES})
    select s.evaluation_id as id, case when c.evaluation_id is null and l.evaluation_id is null
        then 'has no case' else 'has a case of its own and is joined to another one' end as what
      from source s left join rectification_case c using (evaluation_id) left join matter_link l using (evaluation_id)
      where (c.evaluation_id is null) = (l.evaluation_id is null)
    union all
    select c.evaluation_id, 'has a case that nothing opened' from rectification_case c
      where not exists (select 1 from source s where s.evaluation_id = c.evaluation_id)
    union all
    select l.evaluation_id, 'is joined to a case that is not there' from matter_link l
      where not exists (select 1 from rectification_case c where c.evaluation_id = l.case_evaluation_id)
    union all
    select c.evaluation_id, 'has no entry of its opening in the journal' from rectification_case c
      where not exists (select 1 from journal_entry e
        where e.subject_id = c.evaluation_id and e.kind = 'case.opened')
    union all
    select e.subject_id, 'was opened by the journal ' || count(*) || ' times, and has ' || count(c.evaluation_id)
        || ' rows' from journal_entry e left join rectification_case c on c.evaluation_id = e.subject_id
      where e.kind = 'case.opened' group by e.subject_id
      having count(*) <> 1 or count(c.evaluation_id) <> 1`)
  return said(found)
}

interface Standing {
  id: string
  state: CaseState
  next_due_at: Date | null
  next_alarm_at: Date | null
  clocks: { key: string; stoppedAt: string | null; dueAt: string | null; fired: unknown[] }[]
}

/** How long after its moment a clock may be waited for: the keeper comes after midnight and in working hours. */
const KEEPER_MS = 26 * 3_600_000

/** Every case that is not closed has the clock of its state running, and nobody forgot that it ran out. */
export async function casesStuck({ rows, now }: Finished): Promise<string[]> {
  const open = await rows<Standing>(`select evaluation_id as id, state, next_due_at, next_alarm_at, clocks
    from rectification_case where state <> 'closed'`)
  const found = open.flatMap(({ id, state, next_due_at, next_alarm_at, clocks }): Found[] => {
    const key = MAIN_CLOCK[state]
    const main = clocks.findLast((clock) => clock.key === key && clock.stoppedAt === null)
    const stuck = (what: string) => [{ id, what: `${CASE_STATES[state]}: ${what}` }]
    if (!key || !main) return stuck('no clock of its state runs')
    if (main.dueAt === null || next_due_at === null) return stuck('its clock runs to no date')
    if (CASE_CLOCKS[key].awaits === 'citizen')
      return now.getTime() - Date.parse(main.dueAt) > KEEPER_MS ? stuck('the citizen’s days are over') : []
    return next_alarm_at === null && main.fired.length < 5 ? stuck('nobody will be told of it') : []
  })
  return said(found)
}

/** No case is closed without a reply in its last round, and no real-name case without a call-back (R16, R20). */
export async function closedWithoutReply({ rows }: Finished): Promise<string[]> {
  const missing = (
    kind: string,
  ) => `not exists (select 1 from journal_entry e where e.subject_id = c.evaluation_id
    and e.kind = '${kind}' and (e.payload ->> 'round')::int = c.round)`
  const found = await rows<Found>(`
    select c.evaluation_id as id, 'is closed without a reply' as what from rectification_case c
      where c.state = 'closed' and ${missing('case.reply')}
    union all
    select c.evaluation_id, 'is closed without an outcome' from rectification_case c
      where c.state = 'closed' and (c.outcome is null or c.closed_at is null)
    union all
    select c.evaluation_id, 'is closed as not adopted, which nobody confirmed' from rectification_case c
      where c.state = 'closed' and c.outcome = 'not_adopted' and ${missing('case.confirm_rejection')}
    union all
    select c.evaluation_id, 'is a real-name case closed without a call-back' from rectification_case c
      where c.state = 'closed' and c.persons @> '[{"doNotContact": false}]' and ${missing('case.record_contact')}`)
  return said(found)
}
