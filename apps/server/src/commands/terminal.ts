import { createInterface } from 'node:readline'

/** Tells whoever runs the program how it gets on. */
export type Say = (line: string) => void

/** Lines for a person. */
export const say: Say = (line) => console.log(line)
/** Lines that must not mix with a command's result. */
export const sayAside: Say = (line) => console.error(line)

/**
 * Progress that rewrites its line on a terminal; elsewhere a line at every tenth. `done` leaves the last one standing.
 */
export function progress(label: string): (done: number, of: number, note?: string) => void {
  const terminal = process.stderr.isTTY
  let tenth = -1
  return (done, of, note = '') => {
    const line = `${label} ${done}/${of}${note && ` ${note}`}`
    const finished = done >= of
    if (terminal) {
      process.stderr.write(`\r\x1b[K${line}${finished ? '\n' : ''}`)
      return
    }
    const now = of === 0 ? 10 : Math.floor((done / of) * 10)
    if (now === tenth && !finished) return
    tenth = now
    sayAside(line)
  }
}

/** Columns a Chinese character takes two of. */
const widthOf = (text: string) => [...text].reduce((n, c) => n + (/[ -~]/.test(c) ? 1 : 2), 0)

/** A table for the terminal, columns aligned by what they really take. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell) + 2),
        )
        .join(''),
    )
    .join('\n')
}

/** A secret typed on the terminal without showing it, or the first line of what is piped in. */
export async function readSecret(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) {
    for await (const line of createInterface({ input: stdin })) return line
    return ''
  }
  stderr.write(prompt)
  stdin.setRawMode(true)
  let typed = ''
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false }))
      for (const key of String(chunk)) {
        if (key === '\r' || key === '\n') return typed
        if (key === '\u0003') process.kill(process.pid, 'SIGINT')
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key
      }
    return typed
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
