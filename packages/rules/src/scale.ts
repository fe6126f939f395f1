/** Satisfaction as the national interface counts it: 5 非常满意 … 1 非常不满意. The only scale inside the system. */
export type SatisfactionLevel = 5 | 4 | 3 | 2 | 1

/** A level with both wordings of R9. */
export interface Level {
  level: SatisfactionLevel
  label: string
  alternative: string
  negative: boolean
}

/** The five levels, best first. The lower two are negative (R9). */
export const LEVELS: readonly Level[] = [
  { level: 5, label: '非常满意', alternative: '很好', negative: false },
  { level: 4, label: '满意', alternative: '好', negative: false },
  { level: 3, label: '基本满意', alternative: '一般', negative: false },
  { level: 2, label: '不满意', alternative: '差', negative: true },
  { level: 1, label: '非常不满意', alternative: '很差', negative: true },
]

/** True for a whole number from 1 to 5. */
export const isLevel = (value: unknown): value is SatisfactionLevel =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5

/** True for the lower two levels (差评). */
export const isNegative = (level: SatisfactionLevel): boolean => level <= 2

function checked(value: number, scale: string): SatisfactionLevel {
  if (!isLevel(value)) throw new RangeError(`not a level of ${scale}`)
  return value
}

/** From GB/T 39046-2020 Table A.8, where 1 is best. @throws RangeError outside 1–5 */
export const fromGbt39046 = (code: number): SatisfactionLevel => checked(6 - code, 'GB/T 39046')
/** To GB/T 39046-2020 Table A.8, where 1 is best. */
export const toGbt39046 = (level: SatisfactionLevel): number => 6 - level
/** From evaluator hardware that counts 0 (best) to 4. @throws RangeError outside 0–4 */
export const fromHardware = (code: number): SatisfactionLevel => checked(5 - code, 'the hardware')
/** To evaluator hardware that counts 0 (best) to 4. */
export const toHardware = (level: SatisfactionLevel): number => 5 - level
