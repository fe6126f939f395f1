import { ALARM_MARKS, type Clock } from '@haochaping/rules'
import type { Finished } from './year.check.ts'

interface Row {
  id: string
  state: string
  clock: Clock
  due_at: Date | null
  overdue: boolean
  ever_overdue: boolean
  waits: boolean
}

/** The keeper comes after midnight and in working hours. */
const KEEPER_MS = 26 * 3_600_000

function wrongWith({ state, clock, due_at, ever_overdue, waits }: Row, now: Date): string[] {
  const marks = clock.fired.map(({ mark }) => mark)
  const late = due_at !== null && now.getTime() - due_at.getTime() > KEEPER_MS
  return [
    ...(new Set(marks).size === marks.length ? [] : [`warned twice: ${marks.join(', ')}`]),
    ...(marks.every((mark, i) => mark === ALARM_MARKS[i])
      ? []
      : [`warned out of order: ${marks.join(', ')}`]),
    ...(waits && due_at === null ? [`is ${state} and has no date`] : []),
    ...(waits && late && !ever_overdue ? ['ran out, and was not noted as late'] : []),
    ...(waits && late && !marks.includes(100) ? ['ran out, and nobody above was told'] : []),
  ]
}

/** Appeals and orders: each warned once, none forgotten, every decision that can be final is (R18, R29). */
export async function appealsAndOrders({ rows, now }: Finished): Promise<string[]> {
  const found = await rows<Row>(`
    select 'appeal of ' || evaluation_id as id, state, clock, due_at, overdue, ever_overdue,
      state in ('filed', 'reexamination_filed') as waits from appeal
    union all
    select 'order ' || order_id, state, clock, due_at, overdue, ever_overdue,
      state in ('issued', 'returned') from supervision_order`)
  const forgotten = await rows<{ id: string }>(
    `select evaluation_id as id from appeal where state = 'decided' and reexamine_until < $1`,
    [new Date(now.getTime() - KEEPER_MS)],
  )
  const twice = await rows<{ id: string; n: number }>(`
    select 'appeal of ' || subject_id || ': ' || kind || ' for one decision' as id, count(*)::int as n from journal_entry
      where kind = 'appeal.overdue' group by subject_id, kind, payload ->> 'appealId', payload ->> 'stage'
      having count(*) > 1
    union all
    select 'order ' || (payload ->> 'orderId') || ': overdue for one answer', count(*)::int from journal_entry
      where kind = 'supervision.overdue' group by payload ->> 'orderId', payload -> 'clock' ->> 'startedAt'
      having count(*) > 1`)
  return [
    ...found.flatMap((row) => wrongWith(row, now).map((what) => `${row.id}: ${what}`)),
    ...forgotten.map(({ id }) => `appeal of ${id}: the decision has not become final`),
    ...twice.map(({ id, n }) => `${id}, ${n} times`),
  ].slice(0, 20)
}
