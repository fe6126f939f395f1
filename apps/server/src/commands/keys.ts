import { resolve } from 'node:path'
import { writeKeys } from '../platform/keys.ts'
import { say } from './terminal.ts'

/** `haochaping keys generate FILE`: makes the secrets of an installation. Never overwrites. */
export function runKeysGenerate(file: string, kind: 'demo' | 'production'): number {
  writeKeys(resolve(file), kind)
  say(
    `密钥已写入 ${resolve(file)}（仅本人可读）。请立即另存一份：丢失后，已加密的个人信息无法恢复。` +
      ' / written; keep a copy elsewhere: without it sealed personal data is lost',
  )
  return 0
}
