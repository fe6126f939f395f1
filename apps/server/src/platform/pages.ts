/**
 * Rows page by page, each read after the key of the last row before it, until there are none left.
 *
 * @param first a key before all others
 */
export async function* pagesByKey<Row, Key>(
  first: Key,
  read: (after: Key) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<Row[]> {
  for (let after = first; ; ) {
    const rows = await read(after)
    if (rows.length === 0) return
    yield rows
    after = keyOf(rows.at(-1)!)
  }
}

/** Before every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000'
