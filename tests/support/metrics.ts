/** What lets programs under test be asked how they are doing, in production mode too. */
export const METRICS = { HAOCHAPING_METRICS_TOKEN: 'metrics-of-a-program-under-test' }

/** How many journal entries of a running program wait for the sealer. @throws when it does not tell */
export async function pendingEntries(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${METRICS.HAOCHAPING_METRICS_TOKEN}` },
  })
  const metrics = await answer.text()
  const pending = /^haochaping_journal_pending (\d+)/m.exec(metrics)?.[1]
  if (pending === undefined) throw new Error(`no metrics: ${answer.status} ${metrics}`)
  return Number(pending)
}
