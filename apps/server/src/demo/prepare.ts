import { join } from 'node:path'
import { importCity } from '../commands/import.ts'
import type { Installation } from '../commands/installation.ts'
import { progress, type Say } from '../commands/terminal.ts'
import { ConfigError, projectRoot } from '../platform/config.ts'
import type { App } from '../platform/context.ts'
import { openDatabase } from '../platform/database.ts'
import { makeServices } from '../services.ts'
import { makeDemoOfficials } from './accounts.ts'
import { simulate } from './clock.ts'
import { demoState, setDemoState } from './demo.store.ts'
import { type Played, playMonth } from './month.ts'
import { makeRandom } from './random.ts'

/** How much a demonstration holds. */
export interface DemoSize {
  days: number
  /** about how many */
  ratings: number
  seed: number
}

/** What a demonstration starts with, unless more is asked for. */
export const MONTH: DemoSize = { days: 30, ratings: 2_500, seed: 20_200_630 }
const DAY = 86_400_000

/**
 * Fills a new demo database: Changchun's directory, the demo accounts, and days of visits, ratings and cases up to
 * now. A database that holds a directory already is left as it is; gives what was played, or null when nothing was.
 * @throws ConfigError when an earlier run was broken off while it did this
 */
export async function prepareDemo(
  { app, services, ownerUrl }: Pick<Installation, 'app' | 'services' | 'ownerUrl'>,
  say: Say,
  { days, ratings, seed }: DemoSize = MONTH,
): Promise<Played | null> {
  const { system } = app.db
  const state = await demoState(system)
  if (state === 'loading') throw new ConfigError(brokenOff(app.config))
  if (state === 'loaded' || (await services.catalog.organizations()).size > 0) return null
  await setDemoState(system, 'loading')
  const hasty = openDatabase(ownerUrl, app.keys, app.config.poolSize, true)
  let played: Played
  try {
    played = await fill({ ...app, db: hasty }, say, { days, ratings, seed })
  } finally {
    await hasty.close()
  }
  services.catalog.forget()
  await setDemoState(system, 'loaded')
  return played
}

async function fill(app: App, say: Say, { days, ratings, seed }: DemoSize): Promise<Played> {
  const until = app.clock()
  const past = simulate(app)
  const then = makeServices(past.app)
  const officials = makeDemoOfficials(then)
  say('装入长春市目录 / loading the directory of Changchun')
  await past.at(new Date(until.getTime() - (days + 1) * DAY), async () => {
    const reports = await importCity(past.app, join(projectRoot(), 'data/changchun'), () => {}, {
      catalog: then.catalog,
    })
    const refused = reports.find((report) => !report.committed)
    if (refused) throw new Error(`data/changchun: ${JSON.stringify(refused.rejected[0])}`)
    await officials.openMain()
  })
  const show = progress('生成演示数据 / demo data, day')
  return playMonth(
    { app: past.app, services: then, at: past.at, officials, random: makeRandom(seed) },
    { days, ratings, until },
    (day, note) => show(day, days, note),
  )
}

const brokenOff = ({ databaseUrl, dataDir }: { databaseUrl: string; dataDir: string }) =>
  databaseUrl
    ? '演示数据上次没有装完，请换一个空数据库 / the demo data in DATABASE_URL is incomplete (interrupted): use an empty database'
    : `演示数据上次没有装完，请删除 ${join(dataDir, 'postgres')} 后再启动 / the demo data is incomplete (interrupted): delete that folder and start again`
