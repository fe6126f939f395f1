import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, runProgram, startProgram } from '../support/program.ts'

const SETTINGS = { HAOCHAPING_MODE: 'demo', LOG_LEVEL: 'error' }

/** Citizens are called from nine to eight; tests run at any hour. */
const ANY_HOUR = `key,region_code,value,unit,valid_from
calling_from,220100000000,0,hour,2024-01-02
calling_to,220100000000,24,hour,2024-01-02
`

/**
 * One running city for all browser tests: a small demonstration in a folder of its own, and the key of a business
 * system. Where it is reaches the tests through the environment.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'haochaping-e2e-'))
  chmodSync(folder, 0o755)
  const env = { ...SETTINGS, HAOCHAPING_DATA_DIR: folder }
  let program: Program | undefined
  let stopping = false
  const stop = async () => {
    stopping = true
    await program?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  // Playwright tears down on Ctrl-C; a plain end from outside has to be answered here.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(143)))
  try {
    // It reaches into the month before the last summary, also on the first days of a month.
    const filled = await runProgram(['demo', '--days', '40', '--ratings', '300'], env)
    if (filled.code !== 0) throw new Error(filled.printed)
    const policies = join(folder, 'policies.csv')
    writeFileSync(policies, ANY_HOUR)
    const called = await runProgram(['import', 'policies', policies], env)
    if (called.code !== 0) throw new Error(called.printed)
    const partner = await runProgram(['partner', 'create', 'e2e', 'e2e-hall', '窗口业务系统'], env)
    const secret = /^[0-9a-f]{64}$/m.exec(partner.printed)?.[0]
    if (!secret) throw new Error(partner.printed)
    program = await startProgram(['start'], env)
    const { child, printed } = program
    child.once('exit', (code, signal) => {
      if (!stopping)
        console.error(`the program ended in the middle of the tests (${code ?? signal}):\n${printed()}`)
    })
    process.env.E2E_URL = program.url
    process.env.E2E_PARTNER = JSON.stringify({ keyId: 'e2e', secret })
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}
