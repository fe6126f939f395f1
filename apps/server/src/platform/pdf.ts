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

const run = (order: PrintOrder): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: order })
    const timer = setTimeout(() => {
      void worker.terminate()
      reject(new Error(`printing ${order.title} took longer than ${PATIENCE_MS} ms`))
    }, PATIENCE_MS)
    worker.once('message', (bytes: Uint8Array) => resolve(Buffer.from(bytes)))
    worker.once('error', reject)
    worker.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`printing ${order.title} ended without a page`))
    })
  })

let last: Promise<unknown> = Promise.resolve()

/** Prints a document on A4, in a thread of its own and one after the other: each takes a core and 150 MB. */
export function printPdf(order: PrintOrder): Promise<Buffer> {
  const mine = last.then(() => run(order))
  last = mine.catch(() => {})
  return mine
}
