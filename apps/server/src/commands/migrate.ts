import { bringUpToDate, openGround } from './installation.ts'
import { say, sayAside } from './terminal.ts'

/** `haochaping db migrate`: brings the database up to date. */
export async function runMigrate(): Promise<number> {
  const ground = await openGround({ say: sayAside })
  try {
    const applied = await bringUpToDate(ground, say)
    if (applied.length === 0) say('数据库结构已是最新 / the database is up to date')
    return 0
  } finally {
    await ground.stop()
  }
}
