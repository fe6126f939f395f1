import type { Organization } from '../../modules/catalog/catalog.service.ts'
import type { PublicAppeals, PublicReport, PublicRow } from '../../modules/publication/publication.service.ts'
import { type Frame, page } from '../layout.tsx'
import { AppealRates } from './appeals.tsx'
import { number, period } from './format.ts'
import { AsOf, Indices, Levels, PeriodSwitch, PORTAL_STYLE } from './parts.tsx'
import { linkOf, Rows } from './rows.tsx'
import { Tiles } from './tiles.tsx'
import { Trend } from './trend.tsx'

/** So many departments stand on the front page; all are on the page of organisations. */
const SHOWN = 10

/** The city at a glance: totals, trend, districts and departments, what became of the negative ratings. */
export function homePage(
  frame: Frame,
  {
    report,
    appeals,
    districts,
    days,
  }: {
    report: PublicReport
    appeals: readonly PublicAppeals[]
    districts: Map<string, Organization>
    days: number
  },
): string {
  const { k, cases } = report
  const href = (row: PublicRow) => {
    const district = districts.get(row.id)
    return district ? linkOf({ kind: 'organization', id: district.id }) : linkOf(row)
  }
  const names = new Map([...districts].map(([code, o]) => [code, o.shortName]))
  const ranks = (
    <p class="muted small">
      名次按“排名依据”从高到低排。它是好评率的保守估计（95%
      置信下限）：评价越少，打的折扣越多，免得几条好评就排到前面。评价不足 {report.rankingMinimum}{' '}
      条的不参与排名。<a href="/method">怎么算</a>
    </p>
  )
  return page({
    ...frame,
    title: '首页',
    active: 'home',
    description: `${frame.city}政务服务评价和差评整改情况公开`,
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>{frame.city}政务服务评价公开</h1>
        <p class="lead">
          办事群众和企业自愿评价，评价提交后任何人都不能修改或删除。每条差评都要核实、整改、答复，结果在这里公开。
        </p>
        <PeriodSwitch days={days} href={(d) => (d === 30 ? '/' : `/?days=${d}`)} />
        <section aria-labelledby="totals">
          <h2 id="totals">全市总体情况</h2>
          <p class="muted small">
            {period(report.period)}（共 {report.period.days} 天）；上期为{period(report.previousPeriod)}。
          </p>
          <Indices report={report} />
          <AsOf at={report.updatedAt} />
        </section>
        <section aria-labelledby="trend">
          <h2 id="trend">变化趋势</h2>
          <Trend report={report} title="全市评价数和好评率" />
        </section>
        <div class="columns">
          <section aria-labelledby="levels">
            <h2 id="levels">评价等级分布</h2>
            {report.levels ? (
              <Levels caption="对事项办理的评价" levels={report.levels} />
            ) : (
              <p>评价少于 {k} 条，不公布细目。</p>
            )}
          </section>
          <section aria-labelledby="rectified">
            <h2 id="rectified">差评整改</h2>
            <CaseFacts cases={cases} />
            <CaseNote />
            <p>
              <a href="/cases">查看已办结的差评件</a>
            </p>
          </section>
        </div>
        <section aria-labelledby="districts">
          <h2 id="districts">县（市）区、开发区</h2>
          <Tiles rows={report.districts} k={k} names={names} href={href} />
          {ranks}
          <Rows
            caption="县（市）区、开发区排名"
            rows={report.districts}
            k={k}
            what="地区"
            ranked
            href={href}
          />
        </section>
        <section aria-labelledby="departments">
          <h2 id="departments">市直部门和公用服务单位</h2>
          {ranks}
          <Rows
            caption={`市直部门和公用服务单位排名（前 ${Math.min(SHOWN, report.departments.length)} 名）`}
            rows={report.departments.slice(0, SHOWN)}
            k={k}
            what="单位"
            ranked
          />
          <p>
            <a href="/organizations">查看全部 {report.departments.length} 个单位</a>
          </p>
        </section>
        <AppealRates rows={appeals} k={k} />
        <OpenData />
      </div>
    ),
  })
}

/** Why these counts and those of the levels differ: a reader who compares the two must not have to guess. */
export const CaseNote = () => (
  <p class="muted small">
    差评件包括对大厅服务的差评、投诉和意见建议，也包括后来确认不予采纳的，所以可能比等级分布中的差评多。
  </p>
)

/** What became of the negative ratings of a period, and what is open now. */
export function CaseFacts({ cases }: { cases: PublicReport['cases'] }) {
  const { notAdopted } = cases
  return (
    <dl class="case-facts">
      {[
        ['本期产生差评件', cases.opened],
        ['其中：由投诉、意见建议产生', cases.bySource.complaint + cases.bySource.opinion],
        ['已整改并答复', cases.rectified],
        ['已办结', cases.closed],
        ['评价人说没有解决、重新办理', cases.reopened],
        ['已确认不予采纳：误评', notAdopted.mistaken],
        ['已确认不予采纳：恶意差评', notAdopted.malicious],
        ['目前办理中', cases.open],
      ].map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{number(Number(value))} 件</dd>
        </div>
      ))}
      <div>
        <dt>目前超期未办结</dt>
        <dd>{cases.overdue > 0 ? <b class="overdue">{number(cases.overdue)} 件</b> : '0 件'}</dd>
      </div>
    </dl>
  )
}

const OpenData = () => (
  <section aria-labelledby="open-data">
    <h2 id="open-data">开放数据</h2>
    <p>以下文件地址固定、列名稳定，可自由使用，与本页数字同源；评价太少的分组同样不公布细目。</p>
    <ul>
      <li>
        <a href="/open-data/summary.json">全市总体情况（JSON）</a>
      </li>
      <li>
        <a href="/open-data/daily.csv">全市逐日数据（CSV）</a>
      </li>
      <li>
        <a href="/open-data/organizations.csv">各机构数据（CSV）</a>
      </li>
      <li>
        <a href="/open-data/appeals.csv">各地申诉和改判（CSV）</a>
      </li>
    </ul>
    <p>
      <a href="/method">指标怎么算、哪些不公布</a>
    </p>
  </section>
)
