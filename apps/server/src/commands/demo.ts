import { MONTH, prepareDemo } from '../demo/prepare.ts'
import { ConfigError } from '../platform/config.ts'
import { withInstallation } from './installation.ts'
import { say } from './terminal.ts'

/** `haochaping demo`: fills a new demo database with as many days and ratings as are wanted. */
export const runDemo = (size: { days: number; ratings: number }): Promise<number> =>
  withInstallation({ say, migrate: true }, async (installation) => {
    if (installation.app.config.mode !== 'demo')
      throw new ConfigError('HAOCHAPING_MODE=production: demo data is never put into a production database')
    if (await prepareDemo(installation, say, { ...size, seed: MONTH.seed })) {
      say('演示数据已生成 / demo data is there')
      return 0
    }
    say('数据库中已有目录或演示数据，没有改动 / the database is not new, nothing was changed')
    return 1
  })
