import { DEMO_PASSWORD, MAIN_ACCOUNTS } from '../demo/accounts.ts'
import { prepareDemo } from '../demo/prepare.ts'
import { ROLES } from '../modules/identity/permissions.ts'
import { loadConfig } from '../platform/config.ts'
import { openInstallation } from './installation.ts'
import { checkPort, run } from './run.ts'
import { type Say, say, sayAside, table } from './terminal.ts'

/**
 * `haochaping start`, and `npm start`: brings the database up to date, in demo mode fills a new one, serves and
 * works until it is asked to stop.
 */
export async function runStart(): Promise<number> {
  const began = Date.now()
  const config = loadConfig(process.env)
  const demo = config.mode === 'demo'
  await checkPort(config)
  const installation = await openInstallation({
    say: demo ? say : sayAside,
    migrate: true,
    serving: true,
  })
  try {
    const { app } = installation
    if (demo) await prepareDemo(installation, say)
    await run(installation, { serve: true, work: true }, () => {
      if (!demo) return app.log.info({ port: app.config.port, url: app.config.publicUrl }, 'ready')
      say(`已就绪，用时 ${((Date.now() - began) / 1000).toFixed(1)} 秒 / ready\n`)
      printGuide(app.config.publicUrl, say)
    })
    if (demo) say('正在停止 / stopping')
    return 0
  } finally {
    await installation.close()
  }
}

function printGuide(url: string, print: Say): void {
  print(
    table([
      ['公众门户', 'portal', `${url}/`],
      ['立即评价', 'rate now', `${url}/demo`],
      ['窗口平板', 'hall tablet', `${url}/hall/NG/NG-A01`],
      ['管理端', 'console', `${url}/console/`],
    ]),
  )
  print(`\n演示账号（密码都是 ${DEMO_PASSWORD}）/ demo accounts, one password`)
  print(
    table(MAIN_ACCOUNTS.map((account) => [account.username, ROLES[account.role].label, account.displayName])),
  )
  print('\n全部是演示数据。按 Ctrl-C 停止。/ all of it is sample data; Ctrl-C stops everything')
}
