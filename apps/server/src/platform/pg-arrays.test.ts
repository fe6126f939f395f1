import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'
import { bigints, booleans, byteas, jsonbs, smallints, texts, timestamps, uuids } from './pg-arrays.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const read = async (array: RawBuilder<unknown>): Promise<unknown[]> => {
  const { rows } = await sql<{ value: unknown }>`select * from unnest(${array}) as u (value)`.execute(
    t.app.db.system,
  )
  return rows.map((row) => row.value)
}
const list = <T>(value: fc.Arbitrary<T>) => fc.array(fc.option(value), { maxLength: 20 })
const text = fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0') && s.isWellFormed())
const roundTrip = <T>(value: fc.Arbitrary<T>, check: (values: (T | null)[]) => Promise<void>) =>
  fc.assert(fc.asyncProperty(list(value), check), { numRuns: 40 })

describe('a column of values reads over there as it is here:', () => {
  it('uuid, however it is spelled', async () => {
    await roundTrip(fc.uuid(), async (values) => {
      expect(await read(sql`${uuids(values)}::uuid[]`)).toEqual(values)
    })
    const id = randomUUID()
    expect(await read(sql`${uuids([id.toUpperCase()])}::uuid[]`)).toEqual([id])
    for (const bad of ['', 'x', id.slice(1), id.replace(/^./, 'g'), id.replace(/^./, '满')])
      expect(() => uuids([bad]), bad).toThrow(RangeError)
  })

  it('smallint, in its bounds', async () => {
    await roundTrip(fc.integer({ min: -32768, max: 32767 }), async (values) => {
      expect(await read(sql`${smallints(values)}::smallint[]`)).toEqual(values)
    })
    expect(() => smallints([32768])).toThrow(RangeError)
  })

  it('bigint, as far as a number is exact', async () => {
    await roundTrip(fc.maxSafeInteger(), async (values) => {
      expect(await read(sql`${bigints(values)}::bigint[]`)).toEqual(values)
    })
    for (const bad of [2 ** 53, 0.5, Number.NaN])
      expect(() => bigints([bad]), String(bad)).toThrow(RangeError)
  })

  it('boolean', () =>
    roundTrip(fc.boolean(), async (values) => {
      expect(await read(sql`${booleans(values)}::boolean[]`)).toEqual(values)
    }))

  it('a moment, to the millisecond, before and after 2000', () =>
    roundTrip(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
      async (values) => {
        expect(await read(sql`${timestamps(values)}::timestamptz[]`)).toEqual(values)
      },
    ))

  it('bytes', () =>
    roundTrip(fc.uint8Array({ maxLength: 300 }), async (values) => {
      const bytes = values.map((value) => value && Buffer.from(value))
      expect(await read(sql`${byteas(values)}::bytea[]`)).toEqual(bytes)
    }))

  it('text of any alphabet', () =>
    roundTrip(text, async (values) => {
      expect(await read(sql`${texts(values)}::text[]`)).toEqual(values)
    }))

  it('JSON', () =>
    roundTrip(fc.dictionary(text, text, { noNullPrototype: true }), async (values) => {
      const spelled = values.map((value) => value && JSON.stringify(value))
      expect(await read(sql`${jsonbs(spelled)}::jsonb[]`)).toEqual(values)
    }))
})
