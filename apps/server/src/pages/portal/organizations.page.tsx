import type { Organization } from '../../modules/catalog/catalog.service.ts'
import type { PublicRow } from '../../modules/publication/publication.service.ts'
import { type Frame, page } from '../layout.tsx'
import { SearchForm } from './forms.tsx'
import { AsOf, address, PeriodSwitch, PORTAL_STYLE } from './parts.tsx'
import { Rows } from './rows.tsx'

interface View {
  all: { organization: Organization; row: PublicRow }[]
  root: Organization
  k: number
  q: string
  days: number
  asOf: string | null
}

/** Every organisation with its figures: departments of the city, then each district with what is below it. */
export function organizationsPage(frame: Frame, { all, root, k, q, days, asOf }: View): string {
  const found = all.filter(
    ({ organization: o }) => o.id !== root.id && (o.name.includes(q) || o.shortName.includes(q)),
  )
  const below = (parent: Organization) =>
    all.filter(({ organization: o }) => o.path.startsWith(parent.path) && o.id !== parent.id)
  const top = all.filter(({ organization: o }) => o.parentId === root.id)
  const departments = top.filter(({ organization: o }) => o.regionCode === root.regionCode)
  const districts = top.filter(({ organization: o }) => o.regionCode !== root.regionCode)
  const table = (caption: string, entries: View['all']) => (
    <Rows caption={caption} rows={entries.map((e) => e.row)} k={k} what="机构" />
  )
  return page({
    ...frame,
    title: '机构',
    active: 'organizations',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>各机构评价情况</h1>
        <SearchForm
          action="/organizations"
          label="按名称查找机构"
          q={q}
          keep={{ days: days === 30 ? undefined : String(days) }}
        />
        <PeriodSwitch days={days} href={(d) => address('/organizations', { q, days: d === 30 ? '' : d })} />
        <AsOf at={asOf} />
        {q ? (
          <section aria-label="查找结果">
            <p>
              名称中有“{q}”的机构 {found.length} 个。<a href="/organizations">查看全部机构</a>
            </p>
            {table('查找结果', found)}
          </section>
        ) : (
          <>
            <h2>市直部门和公用服务单位</h2>
            {table('市直部门和公用服务单位（含下属单位）', departments)}
            <h2>县（市）区、开发区</h2>
            {table('县（市）区、开发区（含所属部门和街道）', districts)}
            <h2>县（市）区、开发区所属机构</h2>
            {districts.map(({ organization: o }) => {
              const own = below(o)
              return own.length === 0 ? null : (
                <details key={o.id} class="branch">
                  <summary>
                    {o.shortName}（{own.length} 个机构）
                  </summary>
                  {table(`${o.shortName}所属机构`, own)}
                </details>
              )
            })}
          </>
        )}
      </div>
    ),
  })
}
