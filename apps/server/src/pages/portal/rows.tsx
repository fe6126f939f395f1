import type { PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { number, percent } from './format.ts'
import { Scroll } from './parts.tsx'

/** Where a row's own page is; halls, windows and districts have none of their own. */
export const linkOf = (row: Pick<PublicRow, 'kind' | 'id'>): string | null =>
  row.kind === 'organization'
    ? `/organizations/${encodeURIComponent(row.id)}`
    : row.kind === 'item'
      ? `/items/${encodeURIComponent(row.id)}`
      : null

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

/** The most telling first. */
const COLUMNS = [
  '有效评价',
  '好评率',
  '排名依据',
  '差评',
  '差评件',
  '超期未办结',
  '按期整改率',
  '主动评价率',
  '可评价的服务',
]
const UNRANKED = COLUMNS.filter((name) => name !== '排名依据')

/** Rows of figures; where too few were rated it says so instead of a figure. */
export function Rows({ caption, rows, k, what, ranked = false, href = linkOf }: RowsProps) {
  if (rows.length === 0) return null
  const columns = ranked ? COLUMNS : UNRANKED
  return (
    <Scroll label={caption}>
      <table class="rows stack">
        <caption>
          {caption}
          {rows.some((row) => href(row)) && <span class="on-phone">点名称看更多指标</span>}
        </caption>
        <thead>
          <tr>
            {ranked && <th scope="col">名次</th>}
            <th scope="col" class="who">
              {what}
            </th>
            {columns.map((name) => (
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
              <tr key={row.id} class={link ? 'linked' : undefined}>
                {ranked && (
                  <td class="place" data-label="名次">
                    {row.figures ? (row.figures.ranked ? i + 1 : '未参与') : '—'}
                  </td>
                )}
                <th scope="row" class="who">
                  {link ? <a href={link}>{row.name}</a> : row.name}
                </th>
                <Figures row={row} k={k} ranked={ranked} />
                <td class="figure more" data-label="可评价的服务">
                  {number(row.visits)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

function Figures({ row, k, ranked }: { row: PublicRow; k: number; ranked: boolean }) {
  if (row.hidden)
    return (
      <td class="muted" colSpan={ranked ? 8 : 7}>
        {row.hidden === 'few'
          ? `评价${hiddenWords('few', k)} 条，不公布细目`
          : '不单独公布（以免推算出其他单位）'}
      </td>
    )
  const { levels, evaluations, negative, positiveRate, activeRate, casesOpened, casesOverdue, onTimeRate } =
    row.figures
  return (
    <>
      <td class="figure" data-label="有效评价">
        {number(evaluations)}
      </td>
      <td class="figure" data-label="好评率">
        {percent(positiveRate)}
        {evaluations > 0 && (
          <span class="made-of">
            {number(levels[5] + levels[4] + levels[3])}÷{number(evaluations)}
          </span>
        )}
      </td>
      {ranked && (
        <td class="figure" data-label="排名依据">
          {row.figures.ranked ? percent(row.figures.wilson) : '—'}
        </td>
      )}
      <td class="figure" data-label="差评">
        {number(negative)}
      </td>
      <td class="figure more" data-label="差评件">
        {number(casesOpened)}
      </td>
      <td class="figure" data-label="超期未办结">
        {casesOverdue > 0 ? <b class="overdue">{number(casesOverdue)}</b> : 0}
      </td>
      <td class="figure" data-label="按期整改率">
        {percent(onTimeRate)}
      </td>
      <td class="figure more" data-label="主动评价率">
        {percent(activeRate)}
      </td>
    </>
  )
}
