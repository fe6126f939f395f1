// The load, a process of its own: rates over HTTP with tokens it is given, either as fast as the connections go
// (closed loop) or at a fixed rate (open loop, where the time a rating waits for a free connection counts too).
import { type Measured, measured, ratingRequest } from './ratings.ts'
import { openRaw } from './raw-http.ts'

/** What the bench asks of this process. */
export interface LoadJob {
  port: number
  tokens: string[]
  connections: number
  seconds: number
  /** ratings per second; without it as many as go */
  rate?: number
}

process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: unknown) => process.send?.({ error: String(error) }, () => process.exit(1)),
  )
})

async function run(job: LoadJob): Promise<Measured> {
  const requests = job.tokens.map(ratingRequest)
  const connections = await Promise.all(Array.from({ length: job.connections }, () => openRaw(job.port)))
  const latencies: number[] = []
  const began = performance.now()
  const until = began + job.seconds * 1000
  let next = 0
  const due = (i: number) => (job.rate ? began + (i * 1000) / job.rate : 0)

  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) {
        const i = next++
        const request = requests[i]
        if (!request) throw new Error('not enough invitations were prepared: give the bench more')
        const start = due(i)
        if (start >= until) return
        const early = start - performance.now()
        if (early > 0) await new Promise((r) => setTimeout(r, early))
        const sent = job.rate ? start : performance.now()
        const status = await connection.send(request)
        if (status !== 201) throw new Error(`a rating was answered with ${status}`)
        latencies.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  for (const connection of connections) connection.close()
  return measured(latencies, seconds)
}
