import type { FileView } from '../files/files.service.ts'
import type { Official } from '../identity/official.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'
import { stepForTheRated } from './case.rated.ts'
import type { RectificationService } from './rectification.service.ts'

/** A supervision order in short, as the file of the case lists it. */
export interface OrderInBrief {
  kindLabel: string
  stateLabel: string
  issuerName: string
  issuedAt: string
  dueAt: string | null
  answeredAt: string | null
  closedAt: string | null
  everOverdue: boolean
}
/** An appeal in short. */
export interface AppealInBrief {
  number: number
  appellantLabel: string
  claimLabel: string
  stateLabel: string
  deciderLabel: string
  outcomeLabel: string | null
  effect: string | null
  filedAt: string
  decidedAt: string | null
  reexaminedAt: string | null
}

/** What a whole case needs of other rooms; each tells what this official may see of it, and no more. */
interface Needs {
  rectification: Pick<RectificationService, 'detail' | 'act'>
  supervision: {
    recordOf(official: Official, id: string): Promise<{ orders: OrderInBrief[]; steps: TimelineEntry[] }>
  }
  appeals: {
    ofRatings(
      official: Official,
      ids: readonly string[],
    ): Promise<{ appeals: AppealInBrief[]; steps: TimelineEntry[]; files: FileView[] }>
  }
}
type Detail = Awaited<ReturnType<RectificationService['detail']>>

/**
 * A case with everything that happened to it, wherever in the house: its own steps, those of the orders on it and of
 * spot checks, and those of the appeals against its ratings, in one order. Each room tells its own.
 */
export function makeWholeCase({ rectification, supervision, appeals }: Needs) {
  async function complete(official: Official, detail: Detail) {
    const ratings = detail.sources.flatMap(({ kind, evaluationId }) =>
      kind === 'rating' && evaluationId !== null ? [evaluationId] : [],
    )
    const [supervised, appealed] = await Promise.all([
      supervision.recordOf(official, detail.id),
      appeals.ofRatings(official, [...new Set([detail.id, ...ratings])]),
    ])
    const beside = [...supervised.steps, ...appealed.steps]
    const timeline = [...detail.timeline, ...(detail.redacted ? beside.map(stepForTheRated) : beside)]
    return {
      // Of the same moment the case's own step comes first: what follows from it was written after it.
      detail: { ...detail, timeline: timeline.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) },
      orders: supervised.orders,
      appeals: appealed.appeals,
      appealFiles: appealed.files,
    }
  }

  /**
   * A case, and in short the orders and appeals whose steps stand in its timeline.
   * @throws Problem 404 case-unknown
   */
  const record = async (official: Official, id: string) =>
    complete(official, await rectification.detail(official, id))

  return {
    record,
    /** @throws Problem 404 case-unknown, also when it is outside the official's place */
    detail: async (official: Official, id: string) => (await record(official, id)).detail,
    /** As `rectification.act`. @throws the same */
    act: async (...given: Parameters<RectificationService['act']>) =>
      (await complete(given[0], await rectification.act(...given))).detail,
  }
}
export type WholeCase = ReturnType<typeof makeWholeCase>
