import { CommanderError } from 'commander'
import { makeProgram } from './commands/program.ts'
import { PortTaken } from './commands/run.ts'
import { installSignals } from './commands/stop.ts'
import { ConfigError } from './platform/config.ts'

/** 0: done. 1: refused or failed. 2: the command line or a setting is wrong. */
async function main(words: string[]): Promise<number> {
  let code = 0
  const program = makeProgram((result) => {
    code = result
  })
  try {
    await program.parseAsync(words.length === 0 ? ['start'] : words, { from: 'user' })
    return code
  } catch (error) {
    // Commander has said what is wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    console.error(inWords(error))
    return error instanceof ConfigError ? 2 : 1
  }
}

/** What a person can mend is told in one line; a fault of the program with where it happened. */
function inWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof ConfigError || error instanceof PortTaken) return error.message
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT')
    return `连接不上数据库，请检查 DATABASE_URL / cannot reach the database (${code})`
  if (code === '28P01')
    return '数据库拒绝了口令：DATABASE_URL 或密钥文件不对 / the database refused the password (DATABASE_URL or keys file)'
  return error.constructor === Error ? error.message : error.stack
}

installSignals()
process.exit(await main(process.argv.slice(2)))
