import { CASE_OUTCOMES, CASE_SOURCES, REJECTION_REASONS } from '@haochaping/rules'
import type { Organization } from '../../modules/catalog/catalog.service.ts'
import type { PublicationService, PublicCase } from '../../modules/publication/publication.service.ts'
import { showDate } from '../../platform/time.ts'
import { type Frame, page } from '../layout.tsx'
import { levelLabel } from '../levels.tsx'
import { indexValue, number } from './format.ts'
import { Choice } from './forms.tsx'
import { AsOf, address, Pager, PORTAL_STYLE, Scroll } from './parts.tsx'

interface View {
  found: Awaited<ReturnType<PublicationService['cases']>>
  page: number
  pageSize: number
  region: string | undefined
  outcome: string | undefined
  districts: Map<string, Organization>
  nameOf: { organization: (id: string) => string; item: (code: string) => string }
  asOf: string | null
}

/** '评价人确认已解决', or '不予采纳（误评）'. */
export const outcomeLabel = (c: Pick<PublicCase, 'outcome' | 'rejectionReason'>): string =>
  c.outcome === 'not_adopted' && c.rejectionReason
    ? `${CASE_OUTCOMES.not_adopted}（${REJECTION_REASONS[c.rejectionReason]}）`
    : CASE_OUTCOMES[c.outcome]

/** What was said that opened a case: the level of a rating, or that it was no rating. */
export const saidLabel = (c: Pick<PublicCase, 'level' | 'sourceKind'>): string =>
  c.level === null ? CASE_SOURCES[c.sourceKind] : levelLabel(c.level)

/** Closed cases with their outcome, and what became of all cases together (R19). */
export function casesPage(frame: Frame, view: View): string {
  const { found, districts } = view
  const { summary } = found
  return page({
    ...frame,
    title: '已办结差评',
    active: 'cases',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>已办结的差评件</h1>
        <p class="lead">
          公开评价等级、选项和单位做了什么；由投诉和意见建议产生的一并公开。评价人和反映人的身份和原话不公开；文字中的姓名、电话、证件号码已遮盖。
        </p>
        <form class="filters" action="/cases" method="get">
          <Choice
            name="region"
            label="地区"
            value={view.region}
            options={[
              ['', '全市'],
              ...[...districts].map(([code, o]): [string, string] => [code, o.shortName]),
            ]}
          />
          <Choice
            name="outcome"
            label="办理结果"
            value={view.outcome}
            options={[['', '全部'], ...Object.entries(CASE_OUTCOMES)]}
          />
          <button class="button" type="submit">
            筛选
          </button>
        </form>
        <section aria-labelledby="summary">
          <h2 id="summary">
            {view.region ? (districts.get(view.region)?.shortName ?? '所选地区') : '全市'}
            差评件办理情况（自开通以来）
          </h2>
          <dl class="case-facts">
            {[
              ['产生差评件', summary.opened],
              ['其中：由评价产生', summary.bySource.rating],
              ['其中：由投诉产生', summary.bySource.complaint],
              ['其中：由意见建议产生', summary.bySource.opinion],
              ['目前办理中', summary.open],
              ['目前超期未办结', summary.overdue],
              ['已办结', summary.closed],
              ['其中：评价人确认已解决', summary.solved],
              ['其中：未收到评价人答复', summary.noAnswer],
              ['其中：不予采纳后办结', summary.closedNotAdopted],
              ['已确认不予采纳：误评', summary.notAdopted.mistaken],
              ['已确认不予采纳：恶意差评', summary.notAdopted.malicious],
            ].map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class={name === '目前超期未办结' && value ? 'overdue' : undefined}>
                  {number(Number(value))} 件
                </dd>
              </div>
            ))}
            {summary.indices.map((index) => (
              <div key={index.key}>
                <dt>{index.name}</dt>
                <dd>
                  {indexValue(index)}
                  <span class="made-of">
                    {number(index.numerator)} ÷ {number(index.denominator)}
                  </span>
                </dd>
              </div>
            ))}
          </dl>
          <p class="muted small">
            “已确认不予采纳”包括已确认、还没有办结的。整改率不把不予采纳的算在分母里，
            <a href="/method">怎么算</a>。督办和抽查的结果见<a href="/supervision">督办和抽查情况</a>。
          </p>
          <AsOf at={view.asOf} />
        </section>
        {found.rows.length === 0 ? (
          <p class="notice">没有符合条件的已办结差评件。</p>
        ) : (
          <Scroll label="已办结差评件">
            <table class="rows cases stack two">
              <caption>已办结差评件（最近办结的在前）</caption>
              <thead>
                <tr>
                  {['编号', '办理机构', '事项', '评价或来源', '办理结果', '办结日期', '是否超期'].map(
                    (name) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody>
                {found.rows.map((c) => (
                  <tr key={c.caseNumber}>
                    <th scope="row">
                      <a href={`/cases/${encodeURIComponent(c.caseNumber)}`}>{c.caseNumber}</a>
                    </th>
                    <td data-label="办理机构">{view.nameOf.organization(c.organizationId)}</td>
                    <td data-label="事项">
                      {c.itemCode === '' ? '未指明事项' : view.nameOf.item(c.itemCode)}
                    </td>
                    <td data-label="评价或来源">
                      {saidLabel(c)}
                      {c.hallLevel !== null && c.hallLevel <= 2 && (
                        <span class="made-of">大厅：{levelLabel(c.hallLevel)}</span>
                      )}
                    </td>
                    <td data-label="办理结果">{outcomeLabel(c)}</td>
                    <td data-label="办结日期">{showDate(c.closedAt)}</td>
                    <td data-label="是否超期">
                      {c.everOverdue ? <span class="badge overdue">曾超期</span> : '按期'}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
        <Pager
          page={view.page}
          pageSize={view.pageSize}
          total={found.total}
          href={(n) => address('/cases', { region: view.region, outcome: view.outcome, page: n })}
        />
      </div>
    ),
  })
}
