import { shanghaiDate } from '@haochaping/rules'
import type { Finished } from './year.check.ts'

/** Of a rating that is taken out of the figures: by the last decision of an appeal, else by what its case confirmed. */
const EXCLUDED = `
  select e.evaluation_id, coalesce(
    (select case when a.outcome in ('mistaken', 'malicious') then a.outcome else 'counts' end from appeal a
      where a.evaluation_id = e.evaluation_id and a.outcome is not null order by a.number desc limit 1),
    (select j.payload ->> 'rejectionReason' from journal_entry j
      where j.subject_id = e.evaluation_id and j.kind = 'case.confirm_rejection'
      order by (j.payload ->> 'version')::int limit 1),
    'counts') as standing from evaluation e`

const DAY = `to_char(e.submitted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`

type Counted = Record<string, number>

/**
 * The dashboard of the city for the whole year, and each month's part of it, against ratings, visits, complaints and
 * cases counted from their own rows (R19, R24, R29).
 */
export async function figures({ rows, services, city, now }: Finished): Promise<string[]> {
  const [first] = await rows<{ day: string | null }>(
    `select min(to_char(served_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')) as day from visit`,
  )
  const [from, to] = [first?.day ?? shanghaiDate(now), shanghaiDate(now)]
  const shown = await services.statistics.dashboard(city, { from, to })
  const [counted] = await rows<Counted>(
    `with standing as (${EXCLUDED}), rated as (select e.*, s.standing from evaluation e join standing s using (evaluation_id))
     select ${[1, 2, 3, 4, 5].map((n) => `(select count(*)::int from rated where level = ${n} and standing = 'counts') as level_${n}`)},
       ${[1, 2, 3, 4, 5].map((n) => `(select count(*)::int from rated where hall_level = ${n} and standing = 'counts') as hall_${n}`)},
       (select count(*)::int from rated where standing = 'mistaken') as mistaken,
       (select count(*)::int from rated where standing = 'malicious') as malicious,
       (select count(distinct evaluation_id)::int from visit) as visits,
       (select count(*)::int from visit v where exists (select 1 from evaluation e where e.evaluation_id = v.evaluation_id)
         and v.visit_number = (select min(o.visit_number) from visit o where o.evaluation_id = v.evaluation_id)) as rated,
       (select count(*)::int from complaint) as complaints,
       (select count(*)::int from rectification_case where source_kind = 'complaint') as from_complaint,
       (select count(*)::int from rectification_case where source_kind = 'opinion') as from_opinion,
       (select count(*)::int from follow_up) as follow_ups,
       (select count(*)::int from follow_up where level >= 3) as follow_ups_positive,
       (select count(*)::int from rectification_case) as opened,
       (select count(*)::int from rectification_case where state <> 'closed') as open,
       (select count(*)::int from rectification_case
         where state <> 'closed' and overdue) as overdue,
       (select count(*)::int from rectification_case
         where state = 'closed' and outcome = 'solved') as solved,
       (select count(*)::int from rectification_case
         where state = 'closed' and outcome = 'no_answer') as no_answer,
       (select count(*)::int from rectification_case
         where state = 'closed' and outcome = 'not_adopted') as not_adopted`,
  )
  if (!counted) return ['nothing could be counted']
  const { levels, hallLevels, cases } = shown
  const told: Counted = {
    ...Object.fromEntries(([1, 2, 3, 4, 5] as const).map((n) => [`level_${n}`, levels[n]])),
    ...Object.fromEntries(([1, 2, 3, 4, 5] as const).map((n) => [`hall_${n}`, hallLevels[n]])),
    mistaken: cases.notAdopted.mistaken,
    malicious: cases.notAdopted.malicious,
    visits: shown.visits,
    rated: shown.rated,
    complaints: shown.complaints,
    follow_ups: shown.followUps.given,
    follow_ups_positive: shown.followUps.positive,
    from_complaint: cases.bySource.complaint,
    from_opinion: cases.bySource.opinion,
    opened: cases.opened,
    open: cases.open,
    overdue: cases.overdue,
    solved: cases.solved,
    no_answer: cases.noAnswer,
    not_adopted: cases.closedNotAdopted,
  }
  const days = await rows<{ day: string; evaluations: number; negative: number }>(
    `with standing as (${EXCLUDED}) select ${DAY} as day, count(*)::int as evaluations,
       count(*) filter (where level <= 2)::int as negative
     from evaluation e join standing s using (evaluation_id) where s.standing = 'counts' group by 1`,
  )
  const byDay = new Map(days.map((day) => [day.day, day]))
  return [
    ...Object.entries(counted)
      .filter(([name, count]) => told[name] !== count)
      .map(([name, count]) => `“${name}”: the dashboard says ${told[name]}, the rows ${count}`),
    ...shown.trend.flatMap(({ day, evaluations, negative }) => {
      const own = byDay.get(day) ?? { evaluations: 0, negative: 0 }
      return own.evaluations === evaluations && own.negative === negative
        ? []
        : [
            `${day}: the dashboard says ${evaluations} ratings, ${negative} of them negative; the rows ${own.evaluations}, ${own.negative}`,
          ]
    }),
  ].slice(0, 20)
}
