import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import { maskForPublic } from '../publication/masks.ts'
import type { PeopleService, Person } from './people.service.ts'

/**
 * A text as the one who was rated may read it: numbers, addresses and plates masked as for the public, and every name
 * that is known of whoever was served or rated (R28, P6). By rule, so that nobody decides from case to case.
 */
export const redactor = (people: readonly Person[]) => {
  const names = people.flatMap(({ name }) => (name ? [name] : []))
  const numbers = people.flatMap(({ phone, idNumber }) => [phone, idNumber]).filter((n) => n !== undefined)
  return (text: string): string =>
    maskForPublic(
      numbers.reduce((said, number) => said.replaceAll(number, '***'), text),
      names,
    )
}

/** Everybody known behind several ratings and complaints, for the redactor of a case that is about all of them. */
export async function everyoneBehind(
  people: Pick<PeopleService, 'everyone'>,
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<Person[]> {
  const found: Person[] = []
  for (const id of new Set(ids)) found.push(...(await people.everyone(db, id)))
  return found
}
