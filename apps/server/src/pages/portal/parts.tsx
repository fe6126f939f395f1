import { LEVELS, type LevelCounts, validCount } from '@haochaping/rules'
import type { ComponentChildren } from 'preact'
import type { PublicReport, PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { showDateTime } from '../../platform/time.ts'
import { trendChart } from './charts.ts'
import { indexValue, number, percent, period, trend } from './format.ts'

/** Style sheet of the portal. */
export const PORTAL_STYLE = '/static/portal.css'

/** Where a row's own page is; halls, windows and districts have none of their own. */
export const linkOf = (row: Pick<PublicRow, 'kind' | 'id'>): string | null =>
  row.kind === 'organization'
    ? `/organizations/${encodeURIComponent(row.id)}`
    : row.kind === 'item'
      ? `/items/${encodeURIComponent(row.id)}`
      : null

/** 数据截至: figures are never shown without saying how fresh they are. */
export const AsOf = ({ at }: { at: string | null }) => (
  <p class="as-of muted small">
    {at ? `数据截至 ${showDateTime(new Date(at))},来自公开账本中已封存的记录。` : '还没有数据。'}
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
  const lastTime = (count: number | null) => (count ? `上期 ${number(count)}` : '上期没有可比数据')
  return (
    <dl class="indices">
      <div>
        <dt>可评价的服务</dt>
        <dd>
          <b>
            {number(visits)} <small>次</small>
          </b>
          <span class="moved">{lastTime(previous.visits)}</span>
        </dd>
      </div>
      <div>
        <dt>有效评价</dt>
        <dd>
          <b>
            {report.hidden ? hiddenWords(report.hidden, report.k) : number(evaluations ?? 0)}{' '}
            {report.hidden !== 'rest' && <small>条</small>}
          </b>
          <span class="moved">{evaluations !== null && lastTime(previous.evaluations)}</span>
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
            <span class="moved">{trend(index)}</span>
          </dd>
        </div>
      ))}
    </dl>
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
                  {negative && <span class="note">(差评)</span>}
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
                不予采纳<span class="note">(不计入)</span>
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

/** The trend as a picture and, under it, as the table it was drawn from. */
export function Trend({ report, title }: { report: PublicReport; title: string }) {
  const stretches = report.trend
  const drawing = trendChart(stretches)
  const unit = stretches.every((s) => s.from === s.to) ? '日' : report.period.days <= 100 ? '周' : '月'
  const caption = `${title}(按${unit},${period(report.period)})`
  return (
    <figure class="chart">
      <figcaption>
        {caption}
        <span class="muted small">柱为评价数(左轴),线为好评率(右轴)。数字见下表。</span>
      </figcaption>
      <div class="wide" dangerouslySetInnerHTML={{ __html: drawing.wide }} />
      <div class="narrow" dangerouslySetInnerHTML={{ __html: drawing.narrow }} />
      <details>
        <summary>查看数据表</summary>
        <Scroll label={caption}>
          <table>
            <caption>{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{unit === '日' ? '日期' : '时段'}</th>
                {['可评价的服务', '有效评价', '差评', '好评率'].map((name) => (
                  <th key={name} scope="col" class="figure">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {stretches.map((s) => (
                <tr key={s.from}>
                  <th scope="row">{s.from === s.to ? s.from : `${s.from} 至 ${s.to}`}</th>
                  <td class="figure">{number(s.visits)}</td>
                  {s.hidden ? (
                    <td class="figure muted" colSpan={3}>
                      {hiddenWords(s.hidden, report.k)}
                    </td>
                  ) : (
                    <>
                      <td class="figure">{number(s.evaluations ?? 0)}</td>
                      <td class="figure">{number(s.negative ?? 0)}</td>
                      <td class="figure">{percent(s.positiveRate)}</td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </figure>
  )
}

interface RowsProps {
  caption: string
  rows: readonly PublicRow[]
  k: number
  /** heading of the first column */
  what: string
  /** with places: rows must come ranked */
  ranked?: boolean
  href?: (row: PublicRow) => string | null
}

/** The most telling first: a phone shows two at once. */
const COLUMNS = [
  '有效评价',
  '好评率',
  '差评',
  '差评件',
  '超期未办结',
  '按期整改率',
  '主动评价率',
  '可评价的服务',
]

/** Rows of figures; where too few were rated it says so instead of a figure. */
export function Rows({ caption, rows, k, what, ranked = false, href = linkOf }: RowsProps) {
  if (rows.length === 0) return null
  return (
    <Scroll label={caption}>
      <table class="rows">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {ranked && <th scope="col">名次</th>}
            <th scope="col" class="who">
              {what}
            </th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => {
            const link = href(row)
            return (
              <tr key={row.id}>
                {ranked && (
                  <td class="place">{row.figures ? (row.figures.ranked ? i + 1 : '未参与') : '—'}</td>
                )}
                <th scope="row" class="who">
                  {link ? <a href={link}>{row.name}</a> : row.name}
                </th>
                <Figures row={row} k={k} />
                <td class="figure">{number(row.visits)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

function Figures({ row, k }: { row: PublicRow; k: number }) {
  if (row.hidden)
    return (
      <td class="muted" colSpan={7}>
        {row.hidden === 'few'
          ? `评价${hiddenWords('few', k)} 条,不公布细目`
          : '不单独公布(以免推算出其他单位)'}
      </td>
    )
  const { levels, evaluations, negative, positiveRate, activeRate, casesOpened, casesOverdue, onTimeRate } =
    row.figures
  return (
    <>
      <td class="figure">{number(evaluations)}</td>
      <td class="figure">
        {percent(positiveRate)}
        {evaluations > 0 && (
          <span class="made-of">
            {number(levels[5] + levels[4] + levels[3])}÷{number(evaluations)}
          </span>
        )}
      </td>
      <td class="figure">{number(negative)}</td>
      <td class="figure">{number(casesOpened)}</td>
      <td class="figure">{casesOverdue > 0 ? <b class="overdue">{number(casesOverdue)}</b> : 0}</td>
      <td class="figure">{percent(onTimeRate)}</td>
      <td class="figure">{percent(activeRate)}</td>
    </>
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
        第 {page} 页,共 {pages} 页,{number(total)} 条
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
