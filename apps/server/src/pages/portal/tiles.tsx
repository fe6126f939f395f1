import type { PublicRow } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { number, percent } from './format.ts'

/**
 * Roughly where the districts of Changchun lie to each other, as [row, column] of a grid of ours: a scheme, not a map
 * (a real map would need its 审图号). Districts that are not named here are left out.
 */
const PLACES: Record<string, [row: number, column: number]> = {
  '220122000000': [1, 2],
  '220183000000': [1, 4],
  '220182000000': [1, 5],
  '220191000000': [2, 2],
  '220103000000': [2, 3],
  '220171000000': [2, 4],
  '220113000000': [2, 5],
  '220106000000': [3, 2],
  '220102000000': [3, 3],
  '220105000000': [3, 4],
  '220192000000': [3, 5],
  '220184000000': [4, 1],
  '220174000000': [4, 2],
  '220104000000': [4, 3],
  '220172000000': [4, 4],
  '220173000000': [5, 2],
  '220193000000': [5, 3],
  '220112000000': [5, 4],
}

/** Which quarter of the ranked districts a rate is in, 1 lowest; 0 without a published rate. */
function quarters(rows: readonly PublicRow[]): Map<string, number> {
  const ranked = rows
    .filter((row) => row.figures?.ranked)
    .toSorted((a, b) => (a.figures?.positiveRate ?? 0) - (b.figures?.positiveRate ?? 0))
  return new Map(ranked.map((row, i) => [row.id, 1 + Math.floor((i * 4) / ranked.length)]))
}

/** The districts as tiles that lie as the districts do; depth of colour goes with the rate, which is printed too. */
export function Tiles({
  rows,
  k,
  names,
  href,
}: {
  rows: readonly PublicRow[]
  k: number
  names: ReadonlyMap<string, string>
  href: (row: PublicRow) => string | null
}) {
  const shown = rows.filter((row) => PLACES[row.id])
  if (shown.length === 0) return null
  const quarter = quarters(rows)
  return (
    <figure class="tiles">
      <figcaption>
        各县（市）区、开发区好评率示意图
        <span class="muted small">
          只示意相对方位，不是地图。颜色越深，好评率在参与排名的地区中越靠前；数字见格内和下表。
        </span>
      </figcaption>
      <ul>
        {shown.map((row) => {
          const [line, column] = PLACES[row.id]!
          const name = names.get(row.id) ?? row.name
          return (
            <li
              key={row.id}
              class={`quarter-${quarter.get(row.id) ?? 0}`}
              style={`--row:${line};--column:${column}`}
            >
              <a href={href(row) ?? '/organizations'}>
                <span class="tile-name">{name}</span>
                <b>{row.hidden ? hiddenWords(row.hidden, k) : percent(row.figures.positiveRate)}</b>
                {row.figures && <span class="small">{number(row.figures.evaluations)} 条</span>}
              </a>
            </li>
          )
        })}
      </ul>
    </figure>
  )
}
