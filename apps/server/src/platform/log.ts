import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'

/** JSON lines for machines in production; short ones for the person who tries it out. */
export const makeLog = (config: Config): Logger =>
  config.mode === 'production'
    ? pino({ level: config.logLevel })
    : pino(
        { level: config.logLevel },
        pretty({
          destination: 2,
          sync: true,
          colorize: process.stderr.isTTY ?? false,
          ignore: 'pid,hostname',
          translateTime: 'SYS:HH:MM:ss',
        }),
      )
