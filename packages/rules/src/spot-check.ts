/** The four ways of a spot check (Q71). */
export const CHECK_METHODS = {
  sample: '抽样检查',
  file: '调阅档案',
  site: '实地察看',
  call: '电话回访',
} as const
export type CheckMethod = keyof typeof CHECK_METHODS

/** What a spot check can find. Whoever reported falsely or concealed something is recorded with it (Q71, P10). */
export const CHECK_FINDINGS = {
  none: '未发现问题',
  unresolved: '应解决而未解决',
  false_report: '谎报',
  concealed: '瞒报',
} as const
export type CheckFinding = keyof typeof CHECK_FINDINGS

/** Findings that begin the case again. */
export const reopensCase = (finding: CheckFinding): boolean => finding !== 'none'
/** Findings that stand against the organisation as false reporting (谎报瞒报). */
export const isFalseReport = (finding: CheckFinding): boolean =>
  finding === 'false_report' || finding === 'concealed'
