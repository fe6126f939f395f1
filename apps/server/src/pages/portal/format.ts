/** '12,345'. */
export const number = (value: number): string => value.toLocaleString('en-US')

/** '98.62%'; '—' where there is nothing to judge by. A share that is not whole is never rounded up to 100%. */
export function percent(value: number | null): string {
  if (value === null) return '—'
  const rounded = Math.round(value * 10_000) / 100
  return `${(value < 1 ? Math.min(rounded, 99.99) : rounded).toFixed(2)}%`
}

/** '2026年11月24日' for a day 'YYYY-MM-DD'. */
export const day = (text: string): string => {
  const [year, month, date] = text.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

export const period = (p: { from: string; to: string }): string => `${day(p.from)}至${day(p.to)}`

/** How an index stands against the period before, in words and with an arrow. */
export function trend(index: { key: string; value: number | null; previous: number | null }): string {
  if (index.value === null) return ''
  if (index.previous === null) return '上期没有可比数据'
  const score = index.key === 'average_score'
  const change = index.value - index.previous
  const size = Math.abs(score ? change : change * 100).toFixed(2)
  if (Number(size) === 0) return '与上期持平'
  return `比上期${change > 0 ? '↑ 升' : '↓ 降'} ${size} ${score ? '分' : '个百分点'}`
}

/** An index as it is read: a share as percent, a score as points. */
export const indexValue = (index: { key: string; value: number | null }): string =>
  index.key === 'average_score'
    ? index.value === null
      ? '—'
      : `${index.value.toFixed(2)} 分`
    : percent(index.value)
