/** What becomes of the figures: of everybody rated, of the named staff member only, or of nobody. */
export type FiguresEffect = 'none' | 'staff' | 'all'

/** How an appeal is decided (R29), and what that does to the figures. The rating itself stays in any case. */
export const APPEAL_OUTCOMES = {
  upheld: { label: '维持原评价', excludes: 'none', effect: '评价照常计入统计。' },
  partly: {
    label: '个人不担责',
    excludes: 'staff',
    effect: '评价不计入该工作人员的统计，仍计入单位的统计。',
  },
  mistaken: {
    label: '认定为误评',
    excludes: 'all',
    effect: '评价不计入满意度，原评价仍在账本中，按误评公开计数。',
  },
  malicious: {
    label: '认定为恶意差评',
    excludes: 'all',
    effect: '评价不计入满意度，原评价仍在账本中，按恶意差评公开计数。',
  },
} as const satisfies Record<string, { label: string; excludes: FiguresEffect; effect: string }>
export type AppealOutcome = keyof typeof APPEAL_OUTCOMES
export const isAppealOutcome = (text: unknown): text is AppealOutcome =>
  typeof text === 'string' && Object.hasOwn(APPEAL_OUTCOMES, text)
/** A decision other than to let the rating stand. */
export const isOverturned = (outcome: AppealOutcome): boolean => outcome !== 'upheld'

/** What an appellant claims. */
export type AppealClaim = Exclude<AppealOutcome, 'upheld'>
export const APPEAL_CLAIMS: Record<AppealClaim, string> = {
  mistaken: '这是误评',
  malicious: '这是恶意差评',
  partly: '问题属实，但不应由工作人员个人承担',
}
