import { countText, percentText } from '../../format.ts'
import type { Figure } from './types.ts'

const isScore = (figure: Pick<Figure, 'key'>) => figure.key === 'average_score'

/** '97.53%', or '9.41 分' for the average. */
export const valueText = (figure: Pick<Figure, 'key' | 'value'>): string =>
  figure.value === null ? '—' : isScore(figure) ? `${figure.value.toFixed(2)} 分` : percentText(figure.value)

/** '1,203 / 1,234' */
export const partsText = ({ numerator, denominator }: Pick<Figure, 'numerator' | 'denominator'>): string =>
  `${countText(numerator)} / ${countText(denominator)}`

/** How a figure moved since the period before, in words. */
export function movedText(figure: Figure): string {
  const { value, previous } = figure
  if (value === null) return '本期没有可算的数'
  if (previous === null) return '上期没有可比的数'
  const by = isScore(figure) ? value - previous : (value - previous) * 100
  const size = Math.abs(by).toFixed(2)
  const before = `上期 ${valueText({ ...figure, value: previous })}`
  if (Number(size) === 0) return `与上期持平（${before}）`
  return `较上期${by > 0 ? '升' : '降'} ${size} ${isScore(figure) ? '分' : '个百分点'}（${before}）`
}

/** How a count moved since the period before, in words. */
export function countMovedText(now: number, before: number): string {
  if (now === before) return `与上期持平（上期 ${countText(before)}）`
  return `较上期${now > before ? '多' : '少'} ${countText(Math.abs(now - before))}（上期 ${countText(before)}）`
}

/** A share of a whole, as a fraction; null of nothing. */
export const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
