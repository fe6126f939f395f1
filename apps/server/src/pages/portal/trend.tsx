import type { PublicReport } from '../../modules/publication/publication.service.ts'
import { hiddenWords } from '../../modules/publication/suppression.ts'
import { rateFloor, trendChart } from './charts.ts'
import { number, percent, period } from './format.ts'
import { Scroll } from './parts.tsx'

/** The trend as a picture and, under it, as the table it was drawn from. */
export function Trend({ report, title }: { report: PublicReport; title: string }) {
  const stretches = report.trend
  // With nothing to draw an empty frame would look like a fault.
  const drawing = stretches.some((s) => s.evaluations) ? trendChart(stretches) : null
  const floor = rateFloor(stretches)
  const unit = stretches.every((s) => s.from === s.to) ? '日' : report.period.days <= 100 ? '周' : '月'
  const caption = `${title}（按${unit}，${period(report.period)}）`
  return (
    <figure class="chart">
      <figcaption>
        {caption}
        {drawing ? (
          <span class="muted small">
            柱为评价数（左轴），线为好评率（右轴{floor > 0 && `，从 ${floor}% 起，不是从 0 起`}
            ）。没有柱的{unit === '日' ? '日子' : unit}：没有评价，或少于 {report.k} 条不公布。数字见下表。
          </span>
        ) : (
          <span class="muted small">
            每{unit}的评价都没有或少于 {report.k} 条，不单独公布，所以不画图。
          </span>
        )}
      </figcaption>
      {drawing && (
        <>
          <div class="wide" dangerouslySetInnerHTML={{ __html: drawing.wide }} />
          <div class="narrow" dangerouslySetInnerHTML={{ __html: drawing.narrow }} />
        </>
      )}
      <details>
        <summary>查看数据表</summary>
        <Scroll label={caption}>
          <table>
            <caption>{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{unit === '日' ? '日期' : '时段'}</th>
                {['可评价的服务', '有效评价', '差评', '好评率'].map((name) => (
                  <th key={name} scope="col" class="figure">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {stretches.map((s) => (
                <tr key={s.from}>
                  <th scope="row">{s.from === s.to ? s.from : `${s.from} 至 ${s.to}`}</th>
                  <td class="figure">{number(s.visits)}</td>
                  {s.hidden ? (
                    <td class="figure muted" colSpan={3}>
                      {hiddenWords(s.hidden, report.k)}
                    </td>
                  ) : (
                    <>
                      <td class="figure">{number(s.evaluations ?? 0)}</td>
                      <td class="figure">{number(s.negative ?? 0)}</td>
                      <td class="figure">{percent(s.positiveRate)}</td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </details>
    </figure>
  )
}
