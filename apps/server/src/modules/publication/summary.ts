import { createHash } from 'node:crypto'
import { encodeValue, type JsonValue } from '@haochaping/ledger'
import type { SummaryFigures } from './summary.figures.ts'

export type SummaryState = 'draft' | 'approved' | 'published' | 'withdrawn'

/** Names of the states. */
export const SUMMARY_STATES: Record<SummaryState, string> = {
  draft: '待审核',
  approved: '待发布',
  published: '已发布',
  withdrawn: '已撤回',
}

/** A summary as it is stored. */
export interface Summary {
  summaryId: string
  period: string
  scope: string
  round: number
  figures: SummaryFigures
  /** how many entries of the ledger the figures follow */
  position: number
  asOf: Date
  state: SummaryState
  draftedAt: Date
  approvedBy: string | null
  approvedAt: Date | null
  publishedBy: string | null
  publishedAt: Date | null
  withdrawnBy: string | null
  withdrawnAt: Date | null
  withdrawal: string
  version: number
}

/** SM3 over the figures, as the journal holds it (hex). */
export const figuresDigest = (figures: SummaryFigures): string =>
  createHash('sm3')
    .update(encodeValue(figures as unknown as JsonValue))
    .digest('hex')

/** What a journal entry says of a summary; its row must agree with the last of them. */
export const summaryFacts = (summary: Summary) => ({
  period: summary.period,
  scope: summary.scope,
  round: summary.round,
  state: summary.state,
  version: summary.version,
  position: summary.position,
  digest: figuresDigest(summary.figures),
})
