import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, LegendComponent, AriaComponent, SVGRenderer])

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'
const INK = '#1b2330'
const MUTED = '#535d6b'
const LINE = '#d5dae1'
const BLUE = '#1a56b8'

/** A chart drawn on the server: one for wide screens and paper, one for phones. */
export interface Drawing {
  wide: string
  narrow: string
}

// The library's names count up for the life of the program and its hover styles are for scripts: without both, the
// same figures always give the same page.
function draw(option: EChartsCoreOption, name: string, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT, color: INK },
    ...option,
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/ pointer-events="[^"]*"/g, '')
    .replace(/\bzr\d+-/g, `${name}-`)
    .replace('<svg ', '<svg aria-hidden="true" focusable="false" ')
}

const axis = { axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false } }

/** Distance of the marks of an axis that ends at 100 and is so long. */
const stepOf = (span: number) => [1, 2, 5, 10].find((step) => span <= step * 5) ?? 20

/** Where the axis of the rates begins: below the lowest, on a mark. */
export function rateFloor(days: readonly { positiveRate: number | null }[]): number {
  const rates = days.flatMap((d) => (d.positiveRate === null ? [] : [d.positiveRate * 100]))
  if (rates.length === 0) return 0
  const span = Math.min(100, 102 - Math.min(...rates))
  const step = stepOf(span)
  return Math.max(0, 100 - Math.ceil(span / step) * step)
}

/**
 * Ratings by day as bars (plain: positive, hatched: negative) and the positive rate as a line with points, so that
 * the three are told apart without colour. Days without a published figure leave a gap.
 */
export function trendChart(
  days: readonly {
    label: string
    evaluations: number | null
    negative: number | null
    positiveRate: number | null
  }[],
): Drawing {
  const floor = rateFloor(days)
  const option = (narrow: boolean): EChartsCoreOption => ({
    grid: { left: narrow ? 40 : 52, right: narrow ? 44 : 56, top: 44, bottom: 32 },
    legend: {
      top: 0,
      left: 0,
      itemGap: narrow ? 10 : 20,
      textStyle: { color: INK, fontSize: 13 },
      data: ['好评', '差评', '好评率'],
    },
    xAxis: {
      type: 'category',
      data: days.map((d) => d.label),
      axisLabel: {
        color: MUTED,
        fontSize: 12,
        hideOverlap: true,
        interval: Math.ceil(days.length / (narrow ? 5 : 10)) - 1,
      },
      ...axis,
    },
    yAxis: [
      {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: MUTED, fontSize: 12 },
        splitLine: { lineStyle: { color: LINE } },
      },
      {
        type: 'value',
        min: floor,
        max: 100,
        interval: stepOf(100 - floor),
        axisLabel: { color: MUTED, fontSize: 12, formatter: '{value}%' },
        splitLine: { show: false },
      },
    ],
    series: [
      {
        name: '好评',
        type: 'bar',
        stack: 'ratings',
        barCategoryGap: '35%',
        itemStyle: { color: '#9db8de' },
        data: days.map((d) => (d.evaluations === null ? '-' : d.evaluations - (d.negative ?? 0))),
      },
      {
        name: '差评',
        type: 'bar',
        stack: 'ratings',
        itemStyle: {
          color: '#535d6b',
          decal: {
            symbol: 'rect',
            dashArrayX: [1, 0],
            dashArrayY: [2, 3],
            rotation: -Math.PI / 4,
            color: '#ffffff',
          },
        },
        data: days.map((d) => d.negative ?? '-'),
      },
      {
        name: '好评率',
        type: 'line',
        yAxisIndex: 1,
        symbol: 'circle',
        symbolSize: days.length > 40 ? 0 : 5,
        showSymbol: days.length <= 40,
        lineStyle: { color: BLUE, width: 2 },
        itemStyle: { color: BLUE },
        data: days.map((d) => (d.positiveRate === null ? '-' : Math.round(d.positiveRate * 10_000) / 100)),
      },
    ],
  })
  return { wide: draw(option(false), 'wide', 1040, 300), narrow: draw(option(true), 'narrow', 358, 260) }
}
