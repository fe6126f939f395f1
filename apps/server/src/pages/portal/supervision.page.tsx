import type { OrganizationFigures } from '../../modules/supervision/figures.service.ts'
import { type Frame, page } from '../layout.tsx'
import { number } from './format.ts'
import { PORTAL_STYLE, Scroll } from './parts.tsx'

type Sums = Omit<OrganizationFigures, 'organizationId' | 'organizationName' | 'regionCode' | 'regionName'>

interface View {
  items: OrganizationFigures[]
  total: Sums
}

const COLUMNS: [keyof Sums, string][] = [
  ['listed', '挂牌督办'],
  ['listedOpen', '办理中'],
  ['listedAccepted', '已办结'],
  ['checked', '抽查件数'],
  ['unresolved', '应解决未解决'],
  ['falseReports', '谎报瞒报'],
]

/** What supervision found, by organisation: counts only, without cases and without those who rated (R18, R19, P10). */
export function supervisionPage(frame: Frame, { items, total }: View): string {
  return page({
    ...frame,
    title: '督办和抽查',
    active: 'cases',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>督办和抽查情况</h1>
        <p class="lead">
          区县和市级主管部门对差评办理的挂牌督办，以及对办结情况的抽查。抽查按公开的办法随机抽取或点名，发现谎报瞒报的，差评件重新办理，并记入办理单位。这里只公开件数。
        </p>
        <dl class="case-facts">
          {COLUMNS.map(([key, name]) => (
            <div key={key}>
              <dt>{name}</dt>
              <dd>{number(total[key])} 件</dd>
            </div>
          ))}
        </dl>
        {items.length === 0 ? (
          <p class="notice">还没有挂牌督办和抽查结果。</p>
        ) : (
          <Scroll label="各机构督办和抽查情况">
            <table class="rows stack two">
              <caption>各机构督办和抽查情况（自开通以来）</caption>
              <thead>
                <tr>
                  {['办理机构', '地区', ...COLUMNS.map(([, name]) => name)].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((row) => (
                  <tr key={row.organizationId}>
                    <th scope="row">
                      <a href={`/organizations/${encodeURIComponent(row.organizationId)}`}>
                        {row.organizationName}
                      </a>
                    </th>
                    <td data-label="地区">{row.regionName}</td>
                    {COLUMNS.map(([key, name]) => (
                      <td key={key} data-label={name} class="number">
                        {number(row[key])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
        <p class="muted small">
          随机抽取的办法：抽取前先在公开账本写下种子的摘要；抽取时对每个差评件的编号和种子一起计算
          SM3，取数值最小的若干件。拿到同一份名单和种子，任何人都能抽出同样的结果。
        </p>
      </div>
    ),
  })
}
