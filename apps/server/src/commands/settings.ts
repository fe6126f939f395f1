import { SETTINGS } from '../platform/config.ts'
import { say, table } from './terminal.ts'

/** `haochaping help settings`: every setting, what it means, what it is when unset. */
export function runSettings(): number {
  say('设置（环境变量）/ settings (environment variables)\n')
  say(
    table([
      ['NAME', 'DEFAULT', 'MEANING'],
      ...Object.values(SETTINGS).map(({ env, fallback, explain }) => [
        env,
        fallback === '' ? '-' : String(fallback),
        explain,
      ]),
    ]),
  )
  return 0
}
