import type { SummaryLine } from '../../modules/publication/summary.figures.ts'
import type { Summary } from '../../modules/publication/summary.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { showDate, showDateTime } from '../../platform/time.ts'
import { type Frame, page } from '../layout.tsx'
import { number, percent, period } from './format.ts'
import { PORTAL_STYLE, Scroll } from './parts.tsx'

/** '2026年10月' for '2026-10'. */
const month = (text: string) => `${text.slice(0, 4)}年${Number(text.slice(5))}月`
const share = (numerator: number, denominator: number) =>
  percent(denominator === 0 ? null : numerator / denominator)

/** Where the figures come from: how far the ledger had got, so that anybody can count it again. */
const Source = ({ summary }: { summary: Summary }) => (
  <p class="as-of muted small">
    数据来自公开账本的前 {number(summary.position)} 条记录（截至 {showDateTime(summary.asOf)}），
    <a href="/ledger">怎么核对</a>，<a href="/method">怎么算</a>。
  </p>
)

/** A summary with the name of what it is of; '' for the whole city. */
export interface NamedSummary extends Summary {
  scopeName: string
}
const addressOf = ({ period, scope, scopeName }: NamedSummary) =>
  `/summaries/${period}${scopeName === '' ? '' : `/${encodeURIComponent(scope)}`}`

/** Summaries that were published, newest first; of one that was withdrawn only that it was, and why. */
export function summariesPage(frame: Frame, { all }: { all: readonly NamedSummary[] }): string {
  return page({
    ...frame,
    title: '通报',
    active: 'summaries',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>评价和差评办理情况通报</h1>
        <p class="lead">
          每月一次，按县（市）区、开发区和市直部门公布全市评价和差评办理情况，并公布各县（市）区、开发区自己的情况。数字与本站其他页面同源。
        </p>
        {all.length === 0 ? (
          <p class="notice">还没有发布过通报。</p>
        ) : (
          <Scroll label="通报">
            <table class="rows stack two">
              <caption>已发布的通报（最近的在前）</caption>
              <thead>
                <tr>
                  {['月份', '范围', '发布日期', '有效评价', '差评件', '已整改', '状态'].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {all.map((summary) => (
                  <Line key={summary.summaryId} summary={summary} />
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </div>
    ),
  })
}

function Line({ summary }: { summary: NamedSummary }) {
  const { figures, scopeName } = summary
  const of = scopeName || '全市'
  if (summary.state === 'withdrawn')
    return (
      <tr>
        <th scope="row">{month(summary.period)}</th>
        <td data-label="范围">{of}</td>
        <td data-label="发布日期">{showDate(summary.publishedAt!)}</td>
        <td colSpan={4} class="muted" data-label="状态">
          已于{showDate(summary.withdrawnAt!)}撤回：{summary.withdrawal}
        </td>
      </tr>
    )
  return (
    <tr>
      <th scope="row">
        <a href={addressOf(summary)}>{month(summary.period)}</a>
      </th>
      <td data-label="范围">{of}</td>
      <td data-label="发布日期">{showDate(summary.publishedAt!)}</td>
      <td data-label="有效评价">
        {figures.evaluations === null ? hiddenWords('few', figures.k) : number(figures.evaluations)}
      </td>
      <td data-label="差评件">{number(figures.cases.opened)}</td>
      <td data-label="已整改">{number(figures.cases.rectified)}</td>
      <td data-label="状态">已发布</td>
    </tr>
  )
}

/** One published summary with its figures. */
export function summaryPage(frame: Frame, { summary }: { summary: NamedSummary }): string {
  const { figures, scopeName } = summary
  const title = `${month(summary.period)}${scopeName}评价和差评办理情况通报`
  const withdrawn = summary.state === 'withdrawn'
  return page({
    ...frame,
    title,
    active: 'summaries',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <p>
          <a href="/summaries">全部通报</a>
        </p>
        <h1>{title}</h1>
        {withdrawn ? (
          <p class="notice">
            这份通报已于{showDate(summary.withdrawnAt!)}撤回：{summary.withdrawal}
          </p>
        ) : (
          <>
            <p class="lead">
              {period(figures)}。{showDate(summary.publishedAt!)}发布。
            </p>
            <Source summary={summary} />
            <Total summary={summary} />
            <Lines caption="县（市）区、开发区" lines={figures.districts} k={figures.k} />
            <Lines
              caption={scopeName ? '本地区各部门' : '市直部门和公用服务单位'}
              lines={figures.departments}
              k={figures.k}
            />
            <p class="muted small">
              差评件按评价提交的月份统计，办理情况截至上面写明的时间。评价少于 {figures.k}{' '}
              条的单位不公布细目。
            </p>
          </>
        )}
      </div>
    ),
  })
}

function Total({ summary }: { summary: NamedSummary }) {
  const { figures } = summary
  const { cases } = figures
  const facts: [string, string][] = [
    ['可评价的服务', `${number(figures.visits)} 次`],
    [
      '有效评价',
      figures.evaluations === null
        ? `${hiddenWords('few', figures.k)} 条`
        : `${number(figures.evaluations)} 条`,
    ],
    ['产生差评件', `${number(cases.opened)} 件`],
    ['已整改', `${number(cases.rectified)} 件`],
    ['已办结', `${number(cases.closed)} 件`],
    ['评价人确认已解决', `${number(cases.solved)} 件`],
    ['未收到评价人答复', `${number(cases.noAnswer)} 件`],
    ['不予采纳后办结', `${number(cases.notAdopted)} 件`],
    ['曾经超期', `${number(cases.everOverdue)} 件`],
  ]
  return (
    <section aria-labelledby="total">
      <h2 id="total">{summary.scopeName || '全市'}</h2>
      <dl class="case-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {figures.indices
          .filter((index) => index.key !== 'average_score')
          .map((index) => (
            <div key={index.key}>
              <dt>{index.name}</dt>
              <dd>
                {share(index.numerator, index.denominator)}
                <span class="made-of">
                  {number(index.numerator)} ÷ {number(index.denominator)}
                </span>
              </dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Lines({ caption, lines, k }: { caption: string; lines: readonly SummaryLine[]; k: number }) {
  if (lines.length === 0) return null
  return (
    <Scroll label={caption}>
      <table class="rows stack">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="who">
              单位
            </th>
            {['有效评价', '好评率', '差评', '差评件', '已整改', '按期整改率', '超期未办结'].map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, name, hidden, figures: f }) => (
            <tr key={id}>
              <th scope="row" class="who">
                {name}
              </th>
              {f === null ? (
                <td class="muted" colSpan={7}>
                  {hidden === 'few'
                    ? `评价${hiddenWords('few', k)} 条，不公布细目`
                    : '不单独公布（以免推算出其他单位）'}
                </td>
              ) : (
                [
                  ['有效评价', number(f.evaluations)],
                  ['好评率', share(f.positive, f.evaluations)],
                  ['差评', number(f.negative)],
                  ['差评件', number(f.casesOpened)],
                  ['已整改', number(f.casesRectified)],
                  ['按期整改率', share(f.casesOnTime, f.casesRectified)],
                  ['超期未办结', number(f.casesOverdue)],
                ].map(([label, value]) => (
                  <td key={label} class="figure" data-label={label}>
                    {value}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
