/** How many evaluations there are of each level, and how many were taken out (not adopted). */
export interface LevelCounts {
  5: number
  4: number
  3: number
  2: number
  1: number
  excluded: number
}

/** A figure that never stands without what it is made of. */
export interface Index {
  key: string
  name: string
  numerator: number
  denominator: number
  /** null when the denominator is 0: there is nothing to say */
  value: number | null
  formula: string
}

const index = (
  key: string,
  name: string,
  numerator: number,
  denominator: number,
  formula: string,
  factor = 1,
): Index => ({
  key,
  name,
  numerator,
  denominator,
  value: denominator === 0 ? null : (numerator / denominator) * factor,
  formula,
})

/** Evaluations that count: all levels, without those not adopted. */
export const validCount = (c: LevelCounts): number => c[5] + c[4] + c[3] + c[2] + c[1]

export const positiveRate = (c: LevelCounts): Index =>
  index('positive_rate', '好评率', c[5] + c[4] + c[3], validCount(c), '（非常满意+满意+基本满意）÷有效评价数')
export const satisfiedRate = (c: LevelCounts): Index =>
  index('satisfied_rate', '满意率', c[5] + c[4], validCount(c), '（非常满意+满意）÷有效评价数')
export const negativeRate = (c: LevelCounts): Index =>
  index('negative_rate', '差评率', c[2] + c[1], validCount(c), '（不满意+非常不满意）÷有效评价数')
/** Ten-point average: the mean level times two. */
export const averageScore = (c: LevelCounts): Index =>
  index(
    'average_score',
    '平均分（10 分制）',
    5 * c[5] + 4 * c[4] + 3 * c[3] + 2 * c[2] + c[1],
    validCount(c),
    '评价等级之和÷有效评价数×2',
    2,
  )
/** Evaluations given freely per chance to give one; nothing counts that was not given (no defaults). */
export const activeEvaluationRate = (evaluations: number, rateable: number): Index =>
  index('active_rate', '主动评价率', evaluations, rateable, '主动评价数÷可评价的服务次数')
export const rectificationRate = (rectified: number, cases: number): Index =>
  index('rectification_rate', '整改率', rectified, cases, '已整改答复的差评件数÷差评件数')
export const onTimeRate = (onTime: number, rectified: number): Index =>
  index('on_time_rate', '按期整改率', onTime, rectified, '未超期整改的差评件数÷已整改的差评件数')
/** R20: must be 100 %. */
export const callBackRate = (contacted: number, realName: number): Index =>
  index('call_back_rate', '实名差评回访率', contacted, realName, '已回访的实名评价人数÷应回访的实名评价人数')

/** R17, R19: what citizens thought of it afterwards: of the follow-up ratings given after rectification, the positive ones. */
export const followUpRate = (positive: number, given: number): Index =>
  index(
    'follow_up_rate',
    '整改满意度',
    positive,
    given,
    '整改后追评中的好评（非常满意、满意、基本满意）数÷追评数',
  )

/**
 * The lower end of Wilson's 95 % interval of a share: what rankings are ordered by, so that three happy answers do
 * not beat three thousand. 0 when there is nothing to judge by.
 */
export function wilsonLowerBound(successes: number, n: number, z = 1.96): number {
  // Without a success the terms cancel to 0, but for rounding.
  if (n === 0 || successes === 0) return 0
  const p = successes / n
  const z2 = z * z
  return (p + z2 / (2 * n) - z * Math.sqrt((p * (1 - p) + z2 / (4 * n)) / n)) / (1 + z2 / n)
}

/** True when there are enough evaluations to be ranked. */
export const rankable = (n: number, minimum: number): boolean => n >= minimum
