import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, runProgram, startProgram } from '../support/program.ts'

const SETTINGS = { HAOCHAPING_MODE: 'demo', LOG_LEVEL: 'error' }

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
    const filled = await runProgram(['demo', '--days', '5', '--ratings', '300'], env)
    if (filled.code !== 0) throw new Error(filled.printed)
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
