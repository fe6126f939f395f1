import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'

/** A process, told apart from a later one that got the same number by the time it began (where that can be seen). */
export function processMark(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
  }
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return String(pid)
  // The name in parentheses may hold blanks; the start time is the 20th word after it.
  const words = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return `${pid}:${words[19]}`
}

const isLive = (mark: string) => mark !== '' && processMark(Number(mark.split(':')[0])) === mark

const usersFolder = (dataDir: string) => joinPath(dataDir, 'postgres-users')
let joined = 0

/** Enters this process among those that use the database of a data folder. */
export function join(dataDir: string): { leave(): number } {
  const folder = usersFolder(dataDir)
  mkdirSync(folder, { recursive: true })
  const file = joinPath(folder, `${process.pid}-${++joined}`)
  writeFileSync(file, processMark(process.pid) ?? String(process.pid))
  return {
    /** Takes it off the list; gives how many live users are left. */
    leave: () => {
      rmSync(file, { force: true })
      return liveUsers(folder)
    },
  }
}

function liveUsers(folder: string): number {
  let live = 0
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const file = joinPath(folder, name)
    if (isLive(read(file))) live++
    else rmSync(file, { force: true })
  }
  return live
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Longest that another process may take to start or stop the database. */
const PATIENCE_MS = 120_000

/**
 * Runs `work` while no other process starts or stops the database of this data folder. The lock of a process that
 * is gone is taken over.
 * @throws Error when another process holds it too long
 */
export async function withLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const file = joinPath(dataDir, 'postgres.lock')
  const mark = processMark(process.pid) ?? String(process.pid)
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      writeFileSync(file, mark, { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = read(file)
    if (holder !== '' && !isLive(holder)) rmSync(file, { force: true })
    else if (Date.now() > deadline)
      throw new Error(`process ${holder.split(':')[0]} is starting or stopping the database in ${dataDir}`)
    else await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}
