import type pg from 'pg'

const TAG = '/* prepare '
const END = ' */'

/**
 * Lets a connection parse and plan once what it is asked again and again: a statement that begins with the comment
 * `prepare`, followed by a name. Such a statement names its columns, for a `select *` fits its plan no longer when a
 * migration adds one while we run; and its text is always the same, or pg refuses it.
 *
 * @example sql`/* prepare rateables *\/ select visit_id from rateable where evaluation_id = any(${ids})`
 */
export function prepareTagged(client: pg.ClientBase): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const named = (text: unknown, values: unknown, ...more: unknown[]) =>
    typeof text === 'string' && text.startsWith(TAG)
      ? query({ name: text.slice(TAG.length, text.indexOf(END)), text, values }, ...more)
      : query(text, values, ...more)
  client.query = named as typeof client.query
}
