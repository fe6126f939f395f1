import type { Organization, ServiceGuide, ServiceItem } from '../../modules/catalog/catalog.service.ts'
import type { PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { showDate } from '../../platform/time.ts'
import { type Frame, page } from '../layout.tsx'
import { number, percent } from './format.ts'
import { AsOf, Levels, PORTAL_STYLE } from './parts.tsx'

interface View {
  item: ServiceItem
  organization: Organization | undefined
  guide: ServiceGuide | undefined
  versions: { version: number; changedAt: Date }[]
  row: PublicRow
  k: number
  asOf: string | null
}

/** Elements of a guide that R2 demands, in the order they are read. */
const ELEMENTS: [keyof ServiceGuide, string][] = [
  ['acceptingBody', '受理单位'],
  ['channels', '办理渠道'],
  ['conditions', '申请条件'],
  ['materials', '申请材料'],
  ['process', '办理流程'],
  ['timeLimit', '办理时限'],
  ['feeBasis', '收费依据'],
  ['feeStandard', '收费标准'],
  ['evaluationChannels', '评价渠道'],
  ['phone', '咨询电话'],
]

/** Several things in one cell stand apart by a bar. */
function Text({ text }: { text: string }) {
  const parts = text.split('|').filter(Boolean)
  return parts.length > 1 ? (
    <ul>
      {parts.map((part) => (
        <li key={part}>{part}</li>
      ))}
    </ul>
  ) : (
    <span>{text || '无'}</span>
  )
}

/** One item: how it is rated, its guide with all elements, and since when it stands so. */
export function itemPage(frame: Frame, view: View): string {
  const { item, organization, guide, versions, row, k } = view
  return page({
    ...frame,
    title: item.name,
    active: 'items',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <nav class="crumbs" aria-label="所在位置">
          <ol>
            <li>
              <a href="/items">事项</a>
            </li>
          </ol>
        </nav>
        <h1>{item.name}</h1>
        {(item.sample || guide?.sample) && <p class="notice">这是示例指南，办事请以主管部门公布的为准。</p>}
        <dl class="facts">
          <div>
            <dt>办理机构</dt>
            <dd>
              {organization ? (
                <a href={`/organizations/${encodeURIComponent(organization.id)}`}>{organization.name}</a>
              ) : (
                '—'
              )}
            </dd>
          </div>
          <div>
            <dt>事项编码</dt>
            <dd class="number">{item.code}</dd>
          </div>
          {item.legalBasis && (
            <div>
              <dt>设定依据</dt>
              <dd>{item.legalBasis}</dd>
            </div>
          )}
          <div>
            <dt>办件类型</dt>
            <dd>{item.promiseKind || '—'}</dd>
          </div>
          {versions[0] && (
            <div>
              <dt>更新日期</dt>
              <dd>
                {showDate(versions[0].changedAt)}（第 {versions[0].version} 版）
              </dd>
            </div>
          )}
        </dl>
        <section aria-labelledby="ratings">
          <h2 id="ratings">近 30 天评价</h2>
          {row.hidden ? (
            <p>评价{hiddenWords('few', k)} 条，为保护评价人，不公布细目。</p>
          ) : row.figures.evaluations === 0 ? (
            <p>近 30 天还没有评价。可评价的服务 {number(row.visits)} 次。</p>
          ) : (
            <>
              <p>
                好评率 <b>{percent(row.figures.positiveRate)}</b>（{number(row.figures.evaluations)}{' '}
                条有效评价），主动评价率 <b>{percent(row.figures.activeRate)}</b>（{number(row.visits)}{' '}
                次可评价的服务）。
              </p>
              <Levels caption={`对“${item.name}”的评价`} levels={row.figures.levels} />
            </>
          )}
          <AsOf at={view.asOf} />
        </section>
        <section aria-labelledby="guide">
          <h2 id="guide">办事指南</h2>
          {guide ? (
            <dl class="guide">
              {ELEMENTS.map(([key, label]) => (
                <div key={key}>
                  <dt>{label}</dt>
                  <dd>
                    <Text text={String(guide[key])} />
                  </dd>
                </div>
              ))}
            </dl>
          ) : (
            <p>这个事项的办事指南还没有公布。</p>
          )}
        </section>
        {versions.length > 1 && (
          <details>
            <summary>历次版本（{versions.length} 个）</summary>
            <ul>
              {versions.map((v) => (
                <li key={v.version}>
                  第 {v.version} 版，{showDate(v.changedAt)}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    ),
  })
}
