import type { PageMeasured } from './page.ts'
import type { QueuePage } from './queue.ts'
import type { Measured } from './ratings.ts'

/** What was found of ratings and of the citizen's page. */
export interface RatingsMeasured {
  connections: number
  http: Measured[]
  inserts: Measured[]
  halfLoad: Measured
  halfRate: number
  page: PageMeasured
}

/** All that one run of the bench found; null is what it was not asked for. */
export interface Results {
  cores: number
  ratings: RatingsMeasured | null
  queue: QueuePage[] | null
}

type Line = [what: string, value: string, note: string]
const aim = (met: boolean, words: string) => `${met ? 'met' : 'MISSED'}: ${words}`

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
const milliseconds = (value: number) => `${value.toFixed(1)} ms`
const rate = (value: number) => `${value.toFixed(0)}/s`

function ratingLines(r: RatingsMeasured): Line[] {
  const ours = median(r.http.map((m) => m.perSecond))
  const bare = median(r.inserts.map((m) => m.perSecond))
  const ratio = ours / bare
  return [
    [
      `Ratings over HTTP, ${r.connections} connections (median of ${r.http.length})`,
      rate(ours),
      'validated, sealed, journalled, on disk',
    ],
    [`Bare one-row INSERTs, ${r.connections} connections`, rate(bare), 'same table, same database, same run'],
    ['Ratings per bare INSERT', ratio.toFixed(2), aim(ratio >= 0.5, 'at least 0.5')],
    [
      'Answer time at full load, p50 / p99',
      `${milliseconds(median(r.http.map((m) => m.p50)))} / ${milliseconds(median(r.http.map((m) => m.p99)))}`,
      '',
    ],
    [
      `Answer time at half load (${rate(r.halfRate)}), p50 / p99`,
      `${milliseconds(r.halfLoad.p50)} / ${milliseconds(r.halfLoad.p99)}`,
      aim(r.halfLoad.p99 < 100, 'p99 under 100 ms'),
    ],
    [
      'Citizen page, before compression',
      kilobytes(r.page.plainBytes),
      r.page.parts.map((p) => `${p.kind} ${kilobytes(p.plainBytes)}`).join(', '),
    ],
    [
      'Citizen page, over the wire',
      kilobytes(r.page.wireBytes),
      r.page.parts.map((p) => `${p.kind} ${kilobytes(p.wireBytes)} ${p.encoding}`).join(', '),
    ],
    ['Its script, gzip', kilobytes(r.page.scriptGzip), aim(r.page.scriptGzip <= 15_000, 'at most 15 kB')],
    ...r.page.visible.map(
      ({ delay, tries }): Line => [
        `Form visible at 400 kbit/s, CPU 6 times slower${delay ? `, requests ${delay} ms late` : ''}`,
        milliseconds(median(tries)),
        delay ? '' : aim(median(tries) < 1000, 'under 1 s'),
      ],
    ),
  ]
}

/** One line a page; the aim is held by the typical try and told beside the worst. */
const queueLines = (pages: QueuePage[]): Line[] =>
  pages.map(({ who, query, rows, tries }) => [
    `Queue of ${who}: ${query || 'first page'} (${rows} rows), p50 / worst`,
    `${milliseconds(median(tries))} / ${milliseconds(Math.max(...tries))}`,
    query === 'counts' ? '' : aim(median(tries) < 100, 'a page under 100 ms'),
  ])

/** The results as a table in plain words, each aim with whether it was met. */
export function report({ cores, ratings, queue }: Results): string {
  const lines = [...(ratings ? ratingLines(ratings) : []), ...(queue ? queueLines(queue) : [])]
  const [first, second] = [0, 1].map((i) => Math.max(...lines.map((line) => line[i]!.length))) as [
    number,
    number,
  ]
  return [
    '',
    ...lines.map(([what, value, note]) => `${what.padEnd(first)}  ${value.padStart(second)}  ${note}`),
    '',
    `${cores} processor cores, shared by the load, the program and the database.`,
  ].join('\n')
}
