import { maskIdNumber, maskName, maskPhone } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { freshBytes } from '../../platform/crypto/random.ts'
import { blindIndex, commitment, openFields, sealFields } from '../../platform/crypto/sealer.ts'
import { lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { Tables } from '../../platform/tables.ts'
import * as store from './people.store.ts'

/** A person as given by a partner or by the citizen; every part may be missing. */
export interface Person {
  name?: string | undefined
  idNumber?: string | undefined
  phone?: string | undefined
}

/** A sealed person: the row of `personal_data` and the commitment (hex) that goes into the journal. */
export interface SealedPerson {
  row: store.PersonalRow
  commitment: string
}

export type PeopleService = ReturnType<typeof makePeopleService>

/** The only room that sees personal data in the clear. */
export function makePeopleService(app: App) {
  const { keyring } = app.keys

  const index = (kind: string, value: string | undefined) =>
    value ? Buffer.from(blindIndex(keyring.indexKey, kind, value.trim().toUpperCase())) : null

  /** Seals a person for one owner (a visit or an evaluation); null when nothing is known of them. */
  function seal(evaluationId: string, ownerId: string, person: Person): SealedPerson | null {
    const fields = Object.fromEntries(
      Object.entries({ name: person.name, idNumber: person.idNumber, phone: person.phone }).filter(
        (entry): entry is [string, string] => Boolean(entry[1]),
      ),
    )
    if (Object.keys(fields).length === 0) return null
    const sealed = sealFields(keyring, ownerId, fields)
    const salt = freshBytes(16)
    const opening = lengthPrefixed(fields.name ?? '', fields.idNumber ?? '', fields.phone ?? '')
    return {
      row: {
        evaluation_id: evaluationId,
        owner_id: ownerId,
        kek_id: sealed.kekId,
        wrapped_key: sealed.wrappedKey,
        name: sealed.fields.name ?? null,
        id_number: sealed.fields.idNumber ?? null,
        phone: sealed.fields.phone ?? null,
        phone_index: index('phone', fields.phone),
        id_number_index: index('id_number', fields.idNumber),
        salt,
      },
      commitment: Buffer.from(commitment(salt, opening)).toString('hex'),
    }
  }

  function open(row: store.PersonalRow): Person {
    const fields = Object.fromEntries(
      Object.entries({ name: row.name, idNumber: row.id_number, phone: row.phone }).filter(
        (entry): entry is [string, Buffer] => entry[1] !== null,
      ),
    )
    return openFields(keyring, row.owner_id, { kekId: row.kek_id, wrappedKey: row.wrapped_key, fields })
  }

  /**
   * Everything known of the person behind an evaluation; what the evaluator wrote wins over what the business
   * system reported. Reads through the transaction given, so row-level security applies. Null when nothing is held.
   */
  async function person(tx: Kysely<Tables>, evaluationId: string): Promise<Person | null> {
    const rows = await store.peopleOf(tx, evaluationId)
    if (rows.length === 0) return null
    const own = rows.filter((row) => row.owner_id === evaluationId)
    const reported = rows.filter((row) => row.owner_id !== evaluationId)
    return Object.assign({}, ...[...reported, ...own].map(open))
  }

  return {
    seal,
    insert: store.insertPersons,
    person,
    /** Everybody held behind an evaluation, each as they were given: for striking them out of what is published. */
    everyone: async (tx: Kysely<Tables>, evaluationId: string): Promise<Person[]> =>
      (await store.peopleOf(tx, evaluationId)).map(open),
    /** The ratings, complaints and visits behind which this telephone number is held. */
    heldWith: async (tx: Kysely<Tables>, phone: string): Promise<string[]> => {
      const found = index('phone', phone)
      return found ? store.evaluationsByPhone(tx, found) : []
    },
    /** The one of some ratings and complaints behind which the same telephone is held; nothing is opened for it. */
    async samePhone(tx: Kysely<Tables>, id: string, others: string[]): Promise<string | undefined> {
      if (others.length === 0) return undefined
      const phones = await store.phonesOf(tx, [id, ...others])
      return others.find((other) => phones.has(id) && phones.get(other) === phones.get(id))
    },
    /** The person, masked for screens: 张*, 138****1234. */
    masked: async (tx: Kysely<Tables>, evaluationId: string) => {
      const found = await person(tx, evaluationId)
      return (
        found && {
          name: found.name ? maskName(found.name) : null,
          phone: found.phone ? maskPhone(found.phone) : null,
          idNumber: found.idNumber ? maskIdNumber(found.idNumber) : null,
        }
      )
    },
    /** Recomputes a row's commitment, for `ledger verify`. Throws when the row, or what it is found by, was changed. */
    commitmentOf: (row: store.PersonalRow) => {
      const p = open(row)
      const found = [row.phone_index, row.id_number_index]
      const right = [index('phone', p.phone), index('id_number', p.idNumber)]
      if (!right.every((key, i) => Buffer.compare(key ?? Buffer.of(), found[i] ?? Buffer.of()) === 0))
        throw new Error('the look-up index does not fit the sealed value')
      return Buffer.from(
        commitment(row.salt, lengthPrefixed(p.name ?? '', p.idNumber ?? '', p.phone ?? '')),
      ).toString('hex')
    },
  }
}
