import type { CaseField, CaseState } from './case-states.ts'

// What the events of the table demand, and where several of them begin.

/** Free text of a length; it stays beside the journal. */
export const text = (name: string, label: string, maxLength = 1000): CaseField => ({
  name,
  label,
  type: 'text',
  required: true,
  maxLength,
})
/** One of a few. */
export const choice = (name: string, label: string, choices: Record<string, string>): CaseField => ({
  name,
  label,
  type: 'choice',
  required: true,
  choices: Object.entries(choices).map(([value, words]) => ({ value, label: words })),
})
/** The same, but it may be left out; the hint says what that means. */
export const optional = (field: CaseField, hint?: string): CaseField => ({
  ...field,
  ...(hint !== undefined && { hint }),
  required: false,
})
export const evidence: CaseField = { name: 'evidence', label: '佐证材料', type: 'files', required: true }
export const organization: CaseField = {
  name: 'organization',
  label: '办理单位',
  type: 'organization',
  required: true,
}
export const verifier: CaseField = { name: 'verifier', label: '核实人', type: 'person', required: true }
export const finding = text('finding', '核实情况')
export const words = optional(text('words', '补充说明', 500))

/** What the citizen said on the telephone, and the record of the call (Q70). */
export const SPOKEN = [
  { name: 'contactedAt', label: '通话时间', hint: '今天，不填为现在', type: 'time', required: false },
  text('note', '通话记录'),
] as const satisfies readonly CaseField[]

/** Where the organisation is at work: it may ask, call, and be helped. */
export const AT_WORK = [
  'verifying',
  'waiting',
  'fixing',
  'promised',
  'explaining',
] as const satisfies CaseState[]

/** Clocks of the organisation's own work up to the reply: they stand still while somebody else decides. */
export const WORK_CLOCKS = ['sign', 'fix', 'contact'] as const
