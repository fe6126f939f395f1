import type { PublicAppeals } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { number, percent } from './format.ts'
import { Scroll } from './parts.tsx'

/** How many appeals overturned a rating, by district: whoever appeals too much away is seen (P9). */
export function AppealRates({ rows, k }: { rows: readonly PublicAppeals[]; k: number }) {
  const filed = rows.some((row) => row.hidden || (row.figures?.filed ?? 0) > 0)
  return (
    <section aria-labelledby="appeals">
      <h2 id="appeals">申诉和改判</h2>
      <p>
        被评价的单位和工作人员可以对差评申诉，由上一级主管部门听取评价人说明后决定，双方都可以再请市级主管部门复核一次。改判率是已决定的申诉中没有维持原评价的比例。
        <a href="/method#appeals">怎么算</a>
      </p>
      {filed ? (
        <Scroll label="各地申诉和改判">
          <table class="rows stack">
            <caption>近一年的评价收到的申诉</caption>
            <thead>
              <tr>
                <th scope="col" class="who">
                  地区
                </th>
                {['提出申诉', '已决定', '改判', '改判率'].map((name) => (
                  <th key={name} scope="col" class="figure">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row" class="who">
                    {row.name}
                  </th>
                  <Figures row={row} k={k} />
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : (
        <p class="muted">近一年的评价没有收到申诉。</p>
      )}
    </section>
  )
}

function Figures({ row, k }: { row: PublicAppeals; k: number }) {
  if (!row.figures)
    return (
      <td class="muted" colSpan={4}>
        {row.hidden === 'few'
          ? `已决定的${hiddenWords('few', k)} 件，不公布`
          : '不单独公布（以免推算出其他地区）'}
      </td>
    )
  const { filed, decided, overturned, rate } = row.figures
  return (
    <>
      <td class="figure" data-label="提出申诉">
        {number(filed)}
      </td>
      <td class="figure" data-label="已决定">
        {number(decided)}
      </td>
      <td class="figure" data-label="改判">
        {number(overturned)}
      </td>
      <td class="figure" data-label="改判率">
        {percent(rate)}
      </td>
    </>
  )
}
