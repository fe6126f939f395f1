import { openInstallation } from './installation.ts'
import { type Roles, run } from './run.ts'
import { say, sayAside } from './terminal.ts'

/** `haochaping serve` and `haochaping work`: one role of the program, on a database that is up to date. */
export async function runRole(roles: Roles): Promise<number> {
  const installation = await openInstallation({ say: sayAside, serving: true })
  try {
    const { log, config } = installation.app
    await run(installation, roles, () => {
      const what = roles.serve ? `serving on port ${config.port}` : 'working'
      if (config.mode === 'production') log.info({ ...roles, port: config.port }, what)
      else say(`已就绪 / ready: ${what}`)
    })
    return 0
  } finally {
    await installation.close()
  }
}
