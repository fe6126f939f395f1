import { pino } from 'pino'
import { serializers } from '../../apps/server/src/platform/log.ts'

/** The program's own logger, at its most talkative, into memory. */
export function memoryLog() {
  const lines: string[] = []
  const log = pino({ level: 'trace', serializers }, { write: (line: string) => void lines.push(line) })
  return {
    log,
    text: () => lines.join(''),
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
