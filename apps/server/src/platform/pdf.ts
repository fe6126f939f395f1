import { Worker } from 'node:worker_threads'
import type { Content } from 'pdfmake/interfaces'

/** A document as it is to be printed. Its content is data only: it goes to another thread. */
export interface PrintOrder {
  title: string
  /** stands at the foot of every page, beside its number */
  foot: string
  printedAt: Date
  content: Content
}

/** Beside this file as it was written, or beside the program as it was built. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './pdf.worker.ts' : './pdf.worker.js',
  import.meta.url,
)
/** Nothing is printed this long; a layout that does not end is ended. */
const PATIENCE_MS = 60_000
/** A printer that has nothing to do this long is let go, with its fonts. */
const IDLE_MS = 60_000

let printer: Worker | null = null
let letGo: NodeJS.Timeout | undefined

/** The thread that prints: kept for a while, since opening the fonts takes longer than most papers. */
function ready(): Worker {
  clearTimeout(letGo)
  printer ??= new Worker(WORKER)
  printer.ref()
  return printer
}

/** A printer that failed is not asked again. */
function discard(): void {
  void printer?.terminate()
  printer = null
}

function run(order: PrintOrder): Promise<Buffer> {
  const worker = ready()
  return new Promise<Buffer>((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      worker.off('message', printed).off('error', failed).off('exit', ended)
    }
    const printed = (bytes: Uint8Array) => {
      settle()
      worker.unref()
      letGo = setTimeout(discard, IDLE_MS).unref()
      resolve(Buffer.from(bytes))
    }
    const failed = (error: unknown) => {
      settle()
      discard()
      reject(error)
    }
    const ended = () => failed(new Error(`printing ${order.title} ended without a page`))
    const late = () => failed(new Error(`printing ${order.title} took longer than ${PATIENCE_MS} ms`))
    const timer = setTimeout(late, PATIENCE_MS)
    worker.on('message', printed).on('error', failed).on('exit', ended)
    worker.postMessage(order)
  })
}

let last: Promise<unknown> = Promise.resolve()

/** Prints a document on A4, in a thread of its own and one after the other: each takes a core and 150 MB. */
export function printPdf(order: PrintOrder): Promise<Buffer> {
  const mine = last.then(() => run(order))
  last = mine.catch(() => {})
  return mine
}
