import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'

/** An error of PostgreSQL, as far as it is looked at. */
interface Fault extends Error {
  code?: string
  table?: string
  constraint?: string
}

/**
 * What of an error is for the log: where it happened, never what it happened to. PostgreSQL quotes whole rows in its
 * details, and the value it could not read in messages of class 22; JSON.parse quotes the text it stumbled over.
 */
export function loggedError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, table, constraint, cause } = error as Fault
  const quotes = error instanceof SyntaxError || code?.startsWith('22')
  return {
    type: error.constructor.name,
    code,
    table,
    constraint,
    message: quotes ? 'a value could not be read' : error.message,
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause !== undefined && { cause: loggedError(cause) }),
  }
}

/** For every logger of the program: an error is logged under `err`, and as `loggedError` has it. */
export const serializers = { err: loggedError }

/** JSON lines for machines in production; short ones for the person who tries it out. */
export const makeLog = (config: Config): Logger =>
  config.mode === 'production'
    ? // Lines go together, a page of them or those of a moment; pino writes what is left when the process ends.
      pino(
        { level: config.logLevel, serializers },
        pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 200 }),
      )
    : pino(
        { level: config.logLevel, serializers },
        pretty({
          destination: 2,
          sync: true,
          colorize: process.stderr.isTTY ?? false,
          ignore: 'pid,hostname',
          translateTime: 'SYS:HH:MM:ss',
        }),
      )
