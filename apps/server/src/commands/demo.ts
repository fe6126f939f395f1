import { MONTH, prepareDemo } from '../demo/prepare.ts'
import { ConfigError } from '../platform/config.ts'
import { withInstallation } from './installation.ts'
import { say } from './terminal.ts'

/** `haochaping demo`: fills a new demo database with as many days and ratings as are wanted. */
export const runDemo = (size: { days: number; ratings: number }): Promise<number> =>
  withInstallation({ say, migrate: true }, async (installation) => {
    if (installation.app.config.mode !== 'demo')
      throw new ConfigError('HAOCHAPING_MODE=production: demo data is never put into a production database')
    const played = await prepareDemo(installation, say, { ...size, seed: MONTH.seed })
    if (played) {
      const { visits, ratings, cases, refused } = played
      say(`演示数据已生成 / demo data is there: ${visits} visits, ${ratings} ratings, ${cases} cases`)
      // Whoever comes second is refused, as in life; each kind of it is told, so that nothing is lost unseen.
      for (const [what, count] of [...refused].toSorted(([a], [b]) => a.localeCompare(b)))
        say(`  未获允许 / refused: ${what} × ${count}`)
      return 0
    }
    say('数据库中已有目录或演示数据，没有改动 / the database is not new, nothing was changed')
    return 1
  })
