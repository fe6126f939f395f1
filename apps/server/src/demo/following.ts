import { advance, BATCH } from '../modules/ledger/consumers.ts'
import type { Ground } from './stage.ts'

/**
 * Seals, and lets each consumer follow beside the others as so many worker processes would, until nothing is left: a
 * stretch of simulated time is waited for, so it should be followed as quickly as the machine can. Whoever calls it
 * leaves nobody behind, so there is nothing to follow where nothing was sealed.
 */
export async function catchUpTogether({ app, services }: Pick<Ground, 'app' | 'services'>): Promise<void> {
  for (let behind = false; ; ) {
    const sealed = await services.ledger.seal()
    if (sealed === 0 && !behind) return
    const moved = await Promise.all(services.consumers.map((consumer) => advance(app, consumer)))
    behind = moved.some((count) => count >= BATCH)
  }
}
