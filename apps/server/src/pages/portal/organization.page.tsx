import type { Hall, Organization } from '../../modules/catalog/catalog.service.ts'
import type { PublicReport, PublicRow } from '../../modules/publication/publication.service.ts'
import { type Frame, page } from '../layout.tsx'
import { period } from './format.ts'
import { CaseFacts, CaseNote } from './home.page.tsx'
import { AsOf, address, Indices, Levels, PeriodSwitch, PORTAL_STYLE } from './parts.tsx'
import { Rows } from './rows.tsx'
import { Trend } from './trend.tsx'

interface View {
  organization: Organization
  /** from the city down to the one above it */
  above: Organization[]
  report: PublicReport
  halls: Hall[]
  windows: PublicRow[]
  items: PublicRow[]
  itemsTotal: number
  days: number
}

/** One organisation: its figures, those below it, its halls, windows and items. */
export function organizationPage(frame: Frame, view: View): string {
  const { organization: o, report, days } = view
  const { k } = report
  const self = `/organizations/${encodeURIComponent(o.id)}`
  const of = (kind: PublicRow['kind']) => report.children.filter((row) => row.kind === kind)
  return page({
    ...frame,
    title: o.name,
    active: 'organizations',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <nav class="crumbs" aria-label="所在位置">
          <ol>
            <li>
              <a href="/organizations">机构</a>
            </li>
            {view.above.map((at) => (
              <li key={at.id}>
                <span aria-hidden="true">›</span>
                <a href={`/organizations/${encodeURIComponent(at.id)}`}>{at.shortName}</a>
              </li>
            ))}
          </ol>
        </nav>
        <h1>{o.name}</h1>
        <PeriodSwitch days={days} href={(d) => address(self, { days: d === 30 ? '' : d })} />
        <section aria-labelledby="totals">
          <h2 id="totals">总体情况（含下属机构）</h2>
          <p class="muted small">
            {period(report.period)}；上期为{period(report.previousPeriod)}。
          </p>
          <Indices report={report} />
          <AsOf at={report.updatedAt} />
        </section>
        {report.hidden ? (
          <p class="notice">
            {report.hidden === 'few'
              ? `这段时间的评价少于 ${k} 条，为保护评价人，不公布细目。`
              : '同级机构中有评价太少、不公布的，这个机构的细目也不单独公布，以免推算出那一个。'}
            <a href="/method">哪些不公布</a>
          </p>
        ) : report.evaluations === 0 && report.cases.opened === 0 ? (
          <p class="notice">这段时间还没有人评价这个机构。可以换一个时段，或看它的办事指南。</p>
        ) : (
          <>
            <section aria-labelledby="trend">
              <h2 id="trend">变化趋势</h2>
              <Trend report={report} title={`${o.shortName}评价数和好评率`} />
            </section>
            <div class="columns">
              <section aria-labelledby="levels">
                <h2 id="levels">评价等级分布</h2>
                {report.levels && <Levels caption="对事项办理的评价" levels={report.levels} />}
              </section>
              <section aria-labelledby="rectified">
                <h2 id="rectified">差评整改</h2>
                <CaseFacts cases={report.cases} />
                <CaseNote />
                {report.hallLevels && <Levels caption="对大厅服务的评价" levels={report.hallLevels} hall />}
              </section>
            </div>
          </>
        )}
        <Halls halls={view.halls} />
        {!report.hidden && (view.windows.length > 0 || report.children.length > 0) && (
          <section aria-labelledby="below">
            <h2 id="below">按机构、大厅、窗口、事项看</h2>
            <Rows caption="下属机构" rows={of('organization')} k={k} what="机构" />
            <Rows caption="大厅" rows={of('hall')} k={k} what="大厅" />
            <Rows caption="窗口" rows={view.windows} k={k} what="窗口" />
            <Rows caption="事项（评价最多的在前）" rows={view.items} k={k} what="事项" />
          </section>
        )}
        <p>
          <a href={address('/items', { organization: o.id })}>
            这个机构的全部事项和办事指南（{view.itemsTotal} 项）
          </a>
        </p>
      </div>
    ),
  })
}

const Halls = ({ halls }: { halls: Hall[] }) =>
  halls.length === 0 ? null : (
    <section aria-labelledby="halls">
      <h2 id="halls">服务大厅</h2>
      {halls.map((hall) => (
        <div class="card" key={hall.code}>
          <h3>{hall.name}</h3>
          <dl class="facts">
            {hall.address && (
              <div>
                <dt>地址</dt>
                <dd>{hall.address}</dd>
              </div>
            )}
            {hall.openingHours && (
              <div>
                <dt>办公时间</dt>
                <dd>{hall.openingHours}</dd>
              </div>
            )}
          </dl>
        </div>
      ))}
    </section>
  )
