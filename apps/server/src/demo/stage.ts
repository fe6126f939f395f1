import type { WorkCalendar } from '@haochaping/rules'
import type { App } from '../platform/context.ts'
import { Problem } from '../platform/problem.ts'
import type { Services } from '../services.ts'
import type { DemoOfficials } from './accounts.ts'
import { makeAgenda } from './agenda.ts'
import type { At } from './clock.ts'
import type { Random } from './random.ts'

/** The world a stretch of time is played in. */
export interface Ground {
  app: App
  services: Services
  at: At
  officials: DemoOfficials
  random: Random
}

/**
 * The ground with what is still to happen on it up to a moment. Whoever acts may find that somebody else was there
 * first and be refused, as in life: what was refused is counted, and nothing else is let pass.
 */
export function makeStage(ground: Ground, calendar: WorkCalendar, until: Date) {
  const agenda = makeAgenda()
  const refused = new Map<string, number>()
  return {
    ...ground,
    calendar,
    until,
    agenda,
    /** how often what was refused, by act and code */
    refused: refused as ReadonlyMap<string, number>,
    /** Lets something happen at a moment, unless it lies behind the end. */
    later(when: Date, run: () => Promise<void>): void {
      if (when < until) agenda.add({ at: when, run: () => ground.at(when, run) })
    },
    /** Tries an act; gives whether it was allowed. */
    async tried(act: string, work: () => Promise<unknown>): Promise<boolean> {
      try {
        await work()
        return true
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        const key = `${act} ${error.code}`
        refused.set(key, (refused.get(key) ?? 0) + 1)
        return false
      }
    },
  }
}
export type Stage = ReturnType<typeof makeStage>
