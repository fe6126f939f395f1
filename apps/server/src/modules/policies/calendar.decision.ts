import { createHash } from 'node:crypto'
import { conflict, Problem } from '../../platform/problem.ts'
import type { Running } from './calendar.corrections.ts'
import { type DeadlineMoves, toldIn } from './calendar.preview.ts'

/** What is to become of running deadlines where known days are corrected, and why, where a reason is due. */
export interface Decision {
  /** null: nobody said; then there must be no deadline to decide about */
  running: Running | null
  note: string
  /** the rows that the preview was made from which is decided about (`basisOf`); none: whatever stands */
  basis?: string | undefined
}

/** Stands for the rows that a change would replace: a year's days, or halls' opening days, as they are. */
export const basisOf = (rows: unknown): string =>
  createHash('sha256').update(JSON.stringify(rows)).digest('hex')

/**
 * Holds a decision to the rows it was made from.
 * @throws Problem 409 calendar-stale when somebody has changed them since
 */
export function checkBasis({ basis }: Decision, rows: unknown): void {
  if (basis !== undefined && basis !== basisOf(rows))
    throw conflict(
      'calendar-stale',
      '日历刚刚被其他人更正过，预览已经不准，什么都没有保存。请重新预览后再保存。',
    )
}

/**
 * What is decided about the deadlines that a change is about. One side needs no reason: the one that whoever was told
 * a deadline expects. The other stands in the journal with its reason.
 *
 * @param unexpected which of the two needs a reason
 * @throws Problem 409 running-undecided, 422 reason-missing
 */
export function decided({ running, note }: Decision, moves: DeadlineMoves, unexpected: Running): Running {
  if (toldIn(moves) === 0) return running ?? 'prolong'
  if (running === null)
    throw conflict(
      'running-undecided',
      `这是对已公布日历的更正，会使 ${moves.later} 个已告知的期限推后（另有 ${moves.kept} 个按更正会提前，但已告知的不提前）。请选择顺延还是不顺延。什么都没有保存。`,
    )
  if (running === unexpected && note.length < 4)
    throw new Problem(
      422,
      'reason-missing',
      `办理中的期限${running === 'keep' ? '不顺延' : '因大厅开放日顺延'}的，请写明理由（至少 4 个字）。`,
      { field: 'note' },
    )
  return running
}
