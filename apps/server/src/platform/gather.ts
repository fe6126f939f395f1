interface Asked<K, V> {
  key: K
  resolve: (value: V) => void
  reject: (error: unknown) => void
}

/**
 * Makes a look-up of one key out of a look-up of many: the keys asked for while earlier ones are being looked up go
 * to the database together. Alone a key waits for nobody; in a rush a hundred cost one round trip.
 *
 * @param lookup gives the answers in the order of the keys; when it fails, all its keys are told
 */
export function gather<K, V>(lookup: (keys: K[]) => Promise<V[]>, maximum = 128): (key: K) => Promise<V> {
  const queue: Asked<K, V>[] = []
  let active = false

  async function drain(): Promise<void> {
    active = true
    while (queue.length > 0) {
      const asked = queue.splice(0, maximum)
      try {
        const values = await lookup(asked.map((a) => a.key))
        for (const [i, a] of asked.entries()) a.resolve(values[i]!)
      } catch (error) {
        for (const a of asked) a.reject(error)
      }
    }
    active = false
  }

  return (key) =>
    new Promise((resolve, reject) => {
      queue.push({ key, resolve, reject })
      // What else arrives in this turn of the event loop comes along.
      if (!active) {
        active = true
        setImmediate(() => void drain())
      }
    })
}
