import { endOfShanghaiDay, sampleSize, startOfShanghaiDay } from '@haochaping/rules'
import type { Tx } from '../../platform/database.ts'
import { Problem } from '../../platform/problem.ts'
import type { PopulationFilter, RegistersService } from '../rectification/registers.service.ts'
import type { CheckRow } from './check.ts'

/** What the list of a draw is asked of: closed cases, and the place of an organisation. */
export interface PopulationNeeds {
  cases: Pick<RegistersService, 'population' | 'populationSize'>
  catalog: { organization(id: string): Promise<{ path: string } | undefined> }
}

/** A draw is kept with the list it was made from; more than this is to be narrowed. */
export const POPULATION_LIMIT = 100_000
/** More than this nobody inspects in one round. */
export const SAMPLE_LIMIT = 500

/**
 * How many cases a planned round draws out of so many.
 * @throws Problem 422 population-empty, population-too-large, sample-too-large
 */
export function sampleOf(row: Pick<CheckRow, 'size' | 'percent'>, population: number): number {
  if (population === 0)
    throw new Problem(422, 'population-empty', '这个范围内没有已办结的差评件，请另定范围重新发起。')
  if (population > POPULATION_LIMIT)
    throw new Problem(422, 'population-too-large', `范围内超过 ${POPULATION_LIMIT} 件，请缩小范围重新发起。`)
  const wanted = row.size ?? sampleSize(population, row.percent ?? 100)
  if (wanted > SAMPLE_LIMIT)
    throw new Problem(
      422,
      'sample-too-large',
      `按这个比例要抽 ${wanted} 件，一次最多 ${SAMPLE_LIMIT} 件，请缩小范围或比例重新发起。`,
    )
  return Math.min(wanted, population)
}

/** The list a round draws from (R18, Q71), and how long it would be now: both by one query. */
export function makePopulation({ cases, catalog }: PopulationNeeds) {
  /** Of the place of whoever planned the round, whoever of the levels above draws it. */
  async function filterOf(row: CheckRow & { filter: object }): Promise<PopulationFilter> {
    const { from, to, organization, region, outcome } = row.filter
    const place = organization === null ? undefined : await catalog.organization(organization)
    return {
      closedFrom: startOfShanghaiDay(from),
      closedTo: new Date(endOfShanghaiDay(to).getTime() + 1),
      organizationPath: place?.path ?? row.organization_path,
      region: region ?? undefined,
      outcome: outcome ?? undefined,
    }
  }

  return {
    /** Ids of the cases, one more than may be drawn from where there are more. */
    ids: async (tx: Tx, row: CheckRow & { filter: object }): Promise<string[]> =>
      cases.population(tx, await filterOf(row), POPULATION_LIMIT + 1),

    /**
     * What the draw of a planned round would find now: how many cases, how many it would take, and in words why it
     * could not. Null where nothing is to be drawn, or where it was.
     */
    async foreseen(tx: Tx, row: CheckRow) {
      const { filter, state } = row
      if (state !== 'planned' || filter === null) return null
      const population = await cases.populationSize(
        tx,
        await filterOf({ ...row, filter }),
        POPULATION_LIMIT + 1,
      )
      try {
        return { population, sample: sampleOf(row, population), problem: null }
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return { population, sample: null, problem: error.detail }
      }
    },
  }
}
