import type { EChartsCoreOption } from 'echarts/core'
import { countText, percentText } from '../../format.ts'
import type { TrendDay } from './types.ts'

/** Colours of a chart, read from the tokens of the page. */
export interface ChartColours {
  text: string
  muted: string
  line: string
  surface: string
  action: string
  plain: string
  negative: string
}

/** The colours that are on the page now. */
export function chartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    text: of('--color-text'),
    muted: of('--color-muted'),
    line: of('--color-line'),
    surface: of('--color-surface'),
    action: of('--color-action'),
    plain: of('--chart-plain'),
    negative: of('--chart-negative'),
  }
}

const shortDay = (day: string) => day.slice(5)
/** What stands beside the pointer: one day, all of it. Only numbers and dates, so nothing needs escaping. */
const dayWords = ({ day, positiveRate, evaluations, negative, visits }: TrendDay) =>
  [
    `<strong>${day}</strong>`,
    positiveRate === null ? '没有评价' : `好评率 ${percentText(positiveRate)}`,
    `有效评价 ${countText(evaluations)} 件，其中差评 ${countText(negative)} 件`,
    `可评价的服务 ${countText(visits)} 次`,
  ].join('<br>')

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.25]
/** The axis of rates: up to 100 %, down in four even steps to below the lowest. */
function rateAxis(rates: readonly (number | null)[]): { min: number; max: number; interval: number } {
  const lowest = Math.min(1, ...rates.filter((value) => value !== null))
  const interval = STEPS.find((step) => 4 * step >= 1 - lowest) ?? 0.25
  return { min: 1 - 4 * interval, max: 1, interval }
}

/** Above, the share of good ratings; below, how many ratings it is made of: one is not to be read without the other. */
export function trendOption(trend: readonly TrendDay[], c: ChartColours): EChartsCoreOption {
  const days = trend.map(({ day }) => day)
  const axis = {
    type: 'category',
    data: days,
    axisLine: { lineStyle: { color: c.line } },
    axisTick: { show: false },
  }
  const values = { type: 'value', splitLine: { lineStyle: { color: c.line } } }
  const bar = { type: 'bar', xAxisIndex: 1, yAxisIndex: 1, stack: 'ratings', barMaxWidth: 18 }
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit', color: c.text },
    legend: {
      top: 0,
      left: 0,
      icon: 'roundRect',
      itemGap: 20,
      itemWidth: 14,
      itemHeight: 8,
      textStyle: { color: c.text },
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: c.surface,
      borderColor: c.line,
      textStyle: { color: c.text, fontSize: 13 },
      formatter: ([first]: { dataIndex: number }[]) => {
        const day = first && trend[first.dataIndex]
        return day ? dayWords(day) : ''
      },
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 56, right: 12, top: 36, height: '38%' },
      { left: 56, right: 12, bottom: 28, height: '30%' },
    ],
    xAxis: [
      { ...axis, axisLabel: { show: false } },
      { ...axis, gridIndex: 1, axisLabel: { color: c.muted, formatter: shortDay } },
    ],
    yAxis: [
      {
        ...values,
        ...rateAxis(trend.map((d) => d.positiveRate)),
        axisLabel: { color: c.muted, formatter: (v: number) => percentText(v, 0) },
      },
      { ...values, gridIndex: 1, splitNumber: 2, minInterval: 1, axisLabel: { color: c.muted } },
    ],
    series: [
      {
        name: '好评率',
        type: 'line',
        data: trend.map((d) => d.positiveRate),
        symbol: 'circle',
        symbolSize: 5,
        connectNulls: false,
        lineStyle: { width: 2, color: c.action },
        itemStyle: { color: c.action },
      },
      {
        ...bar,
        name: '好评',
        data: trend.map((d) => d.evaluations - d.negative),
        itemStyle: { color: c.plain },
      },
      {
        ...bar,
        name: '差评',
        data: trend.map((d) => d.negative),
        itemStyle: { color: c.negative },
      },
    ],
  }
}
