import type { Organization, ServiceItem } from '../../modules/catalog/catalog.service.ts'
import type { PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { type Frame, page } from '../layout.tsx'
import { number, percent } from './format.ts'
import { SearchForm } from './forms.tsx'
import { AsOf, address, Pager, PORTAL_STYLE, Scroll } from './parts.tsx'

interface View {
  items: { item: ServiceItem; organization: Organization | undefined; row: PublicRow | undefined }[]
  total: number
  page: number
  pageSize: number
  q: string
  organization: Organization | undefined
  k: number
  asOf: string | null
}

/** All service items, to be searched. */
export function itemsPage(frame: Frame, view: View): string {
  const { items, q, organization, k } = view
  const caption = organization ? `${organization.shortName}的事项` : '事项'
  return page({
    ...frame,
    title: '事项',
    active: 'items',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal">
        <h1>政务服务事项</h1>
        <SearchForm
          action="/items"
          label="按名称或编码查找事项"
          q={q}
          keep={{ organization: organization?.id }}
        />
        {organization && (
          <p>
            只看{organization.name}及下属机构的事项。<a href={address('/items', { q })}>查看全部</a>
          </p>
        )}
        <AsOf at={view.asOf} />
        {items.length === 0 ? (
          <p class="notice">没有找到事项。请换个词，例如“身份证”“营业执照”。</p>
        ) : (
          <Scroll label={caption}>
            <table class="rows stack">
              <caption>{caption}（评价为近 30 天）</caption>
              <thead>
                <tr>
                  <th scope="col" class="who">
                    事项
                  </th>
                  <th scope="col">办理机构</th>
                  <th scope="col" class="figure">
                    有效评价
                  </th>
                  <th scope="col" class="figure">
                    好评率
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ item, organization: by, row }) => (
                  <tr key={item.code}>
                    <th scope="row" class="who">
                      <a href={`/items/${encodeURIComponent(item.code)}`}>{item.name}</a>
                    </th>
                    <td data-label="办理机构">{by?.shortName}</td>
                    {row?.hidden ? (
                      <td class="figure muted" colSpan={2} data-label="有效评价">
                        {hiddenWords(row.hidden, k)}
                        {row.hidden === 'few' && ' 条'}
                      </td>
                    ) : (
                      <>
                        <td class="figure" data-label="有效评价">
                          {number(row?.figures.evaluations ?? 0)}
                        </td>
                        <td class="figure" data-label="好评率">
                          {percent(row?.figures.positiveRate ?? null)}
                        </td>
                      </>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
        <Pager
          page={view.page}
          pageSize={view.pageSize}
          total={view.total}
          href={(n) => address('/items', { q, organization: organization?.id, page: n })}
        />
      </div>
    ),
  })
}
