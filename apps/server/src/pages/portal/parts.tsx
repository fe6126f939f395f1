import { LEVELS, type LevelCounts, validCount } from '@haochaping/rules'
import type { ComponentChildren } from 'preact'
import type { PublicReport } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { showDateTime } from '../../platform/time.ts'
import { indexValue, number, percent, trend } from './format.ts'

/** Style sheet of the portal. */
export const PORTAL_STYLE = '/static/portal.css'

/** 数据截至: figures are never shown without saying how fresh they are. */
export const AsOf = ({ at }: { at: string | null }) => (
  <p class="as-of muted small">
    {at ? `数据截至 ${showDateTime(new Date(at))}，来自公开账本中已封存的记录。` : '还没有数据。'}
  </p>
)

/** Chooses between the fixed periods; keeps the other parts of the address. */
export function PeriodSwitch({ days, href }: { days: number; href: (days: number) => string }) {
  const names: [number, string][] = [
    [30, '近 30 天'],
    [90, '近 90 天'],
    [365, '近一年'],
  ]
  return (
    <nav class="periods" aria-label="统计时段">
      <ul>
        {names.map(([value, name]) => (
          <li key={value}>
            <a href={href(value)} aria-current={value === days ? 'true' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** A table that scrolls sideways on phones, by keyboard too. */
export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
  <section class="table-wrap" aria-label={label} tabIndex={0}>
    {children}
  </section>
)

/** The indices of a scope, each with what it is made of and how it moved. */
export function Indices({ report }: { report: PublicReport }) {
  const { visits, evaluations, previous } = report
  // Where nothing can be compared this is said once, not ten times.
  const comparable =
    Boolean(previous.visits || previous.evaluations) ||
    report.indices.some((index) => index.previous !== null)
  const lastTime = (count: number | null) =>
    comparable && <span class="moved">{count ? `上期 ${number(count)}` : '上期没有可比数据'}</span>
  return (
    <>
      <dl class="indices">
        <div>
          <dt>可评价的服务</dt>
          <dd>
            <b>
              {number(visits)} <small>次</small>
            </b>
            {lastTime(previous.visits)}
          </dd>
        </div>
        <div>
          <dt>有效评价</dt>
          <dd>
            <b>
              {report.hidden ? hiddenWords(report.hidden, report.k) : number(evaluations ?? 0)}{' '}
              {report.hidden !== 'rest' && <small>条</small>}
            </b>
            {evaluations !== null && lastTime(previous.evaluations)}
          </dd>
        </div>
        {report.indices.map((index) => (
          <div key={index.key}>
            <dt>{index.name}</dt>
            <dd>
              <b>{indexValue(index)}</b>
              <span class="made-of">
                {index.denominator === 0
                  ? report.hidden
                    ? '不公布'
                    : '没有可以计算的数据'
                  : index.key === 'average_score'
                    ? `${number(index.denominator)} 条评价`
                    : `${number(index.numerator)} ÷ ${number(index.denominator)}`}
              </span>
              {comparable && <span class="moved">{trend(index)}</span>}
            </dd>
          </div>
        ))}
        <div>
          <dt>{report.followUps.name}</dt>
          <dd>
            <b>{indexValue(report.followUps)}</b>
            <span class="made-of">
              {report.followUps.denominator === 0
                ? '期内还没有追评'
                : `${number(report.followUps.numerator)} ÷ ${number(report.followUps.denominator)} 条追评`}
            </span>
          </dd>
        </div>
      </dl>
      {!comparable && <p class="muted small">上期没有可比数据，所以不列变化。</p>}
    </>
  )
}

/** Levels with their numbers, shares and bars; a bar's length says the same as the share beside it. */
export function Levels({
  caption,
  levels,
  hall = false,
}: {
  caption: string
  levels: LevelCounts
  /** of a hall's service: what was not adopted is counted with the items */
  hall?: boolean
}) {
  const valid = validCount(levels)
  return (
    <Scroll label={caption}>
      <table class="levels">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">等级</th>
            <th scope="col" class="figure">
              评价数
            </th>
            <th scope="col" class="figure">
              占比
            </th>
            <td class="bar-head" />
          </tr>
        </thead>
        <tbody>
          {LEVELS.map(({ level, label, negative }) => {
            const share = valid === 0 ? 0 : levels[level] / valid
            return (
              <tr key={level}>
                <th scope="row" class="level">
                  {label}
                  {negative && <span class="note">（差评）</span>}
                </th>
                <td class="figure">{number(levels[level])}</td>
                <td class="figure">{valid === 0 ? '—' : percent(share)}</td>
                <td class="bar">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                    <rect width={Math.max(share * 100, levels[level] > 0 ? 0.6 : 0)} height="10" />
                  </svg>
                </td>
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" class="level">
              有效评价合计
            </th>
            <td class="figure">{number(valid)}</td>
            <td class="figure">{valid === 0 ? '—' : '100%'}</td>
            <td />
          </tr>
          {!hall && (
            <tr>
              <th scope="row" class="level">
                不予采纳<span class="note">（不计入）</span>
              </th>
              <td class="figure">{number(levels.excluded)}</td>
              <td class="figure">—</td>
              <td />
            </tr>
          )}
        </tfoot>
      </table>
    </Scroll>
  )
}

/** From page to page; `href` makes the address of a page. */
export function Pager({
  page,
  pageSize,
  total,
  href,
}: {
  page: number
  pageSize: number
  total: number
  href: (page: number) => string
}) {
  const pages = Math.max(1, Math.ceil(total / pageSize))
  return (
    <nav class="pager" aria-label="分页">
      {page > 1 && (
        <a class="button" href={href(page - 1)} rel="prev">
          上一页
        </a>
      )}
      <span>
        第 {page} 页，共 {pages} 页，{number(total)} 条
      </span>
      {page < pages && (
        <a class="button" href={href(page + 1)} rel="next">
          下一页
        </a>
      )}
    </nav>
  )
}

/** An address of ours with the given parts of a query; empty ones are left out. */
export function address(path: string, query: Record<string, string | number | undefined>): string {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(parts.map(([key, value]) => [key, String(value)])).toString()
  return text ? `${path}?${text}` : path
}
