import { randomUUID } from 'node:crypto'

const WORDS = '排了很久的队,到窗口才知道还要另外一张表,希望提前一次说清楚。'

/** The bytes of one rating over HTTP: real name with phone (so there is something to seal), options, often words. */
export function ratingRequest(token: string, i: number): Buffer {
  const negative = i % 50 === 0
  const body = Buffer.from(
    JSON.stringify({
      token,
      evaluation: {
        level: negative ? 2 : 5,
        hallLevel: 4,
        optionCodes: negative ? ['207', '213'] : ['510', '517'],
        words: i % 2 === 0 ? WORDS : '',
        realName: true,
        name: '王小明',
        phone: `139${String(10_000_000 + (i % 90_000_000))}`,
        channel: 3,
        submissionId: randomUUID(),
      },
    }),
  )
  const head =
    'POST /api/v1/evaluations HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n' +
    `content-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** The value below which a share of the sorted values lies. */
export const quantile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** What a stretch of load gave. */
export interface Measured {
  perSecond: number
  p50: number
  p99: number
  count: number
}

/** Sums a stretch up; latencies in milliseconds. */
export function measured(latencies: number[], seconds: number): Measured {
  const sorted = latencies.toSorted((a, b) => a - b)
  return {
    perSecond: sorted.length / seconds,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    count: sorted.length,
  }
}
