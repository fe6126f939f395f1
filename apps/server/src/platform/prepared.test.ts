import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'
import { type Database, openDatabase } from './database.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

let db: Database
beforeEach(() => {
  db = openDatabase(t.ownerUrl, t.app.keys, 1)
})
afterEach(() => db.close())

const double = async (n: number) => {
  const { rows } = await sql<{ n: number; pid: number }>`/* prepare double */
    select ${n}::integer * 2 as n, pg_backend_pid() as pid`.execute(db.intake)
  return rows[0]!
}
const prepared = async () =>
  (
    await sql<{ name: string; used: number }>`
      select name, generic_plans + custom_plans as used from pg_prepared_statements`.execute(db.intake)
  ).rows

describe('a statement tagged for preparing', () => {
  it('is prepared once on its connection and gives what it is asked each time', async () => {
    for (let n = 1; n <= 20; n++) expect((await double(n)).n).toBe(2 * n)
    expect(await prepared()).toEqual([{ name: 'double', used: 20 }])
  })

  it('works again when its connection broke off', async () => {
    const { pid } = await double(1)
    await t.asOwner('select pg_terminate_backend($1)', [pid])
    const again = async () => {
      for (let tries = 0; ; tries++)
        try {
          return await double(21)
        } catch (error) {
          if (tries === 20) throw error
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
    }
    const after = await again()
    expect(after.n).toBe(42)
    expect(after.pid).not.toBe(pid)
    expect((await prepared()).map(({ name }) => name)).toEqual(['double'])
  })

  it('works in a transaction that rolls back, and after it', async () => {
    await expect(
      db.intake.transaction().execute(async (tx) => {
        await sql`/* prepare in_transaction */ select ${1}::integer`.execute(tx)
        throw new Error('over')
      }),
    ).rejects.toThrow('over')
    await sql`/* prepare in_transaction */ select ${2}::integer`.execute(db.intake)
    expect((await prepared()).map(({ name }) => name)).toEqual(['in_transaction'])
  })

  it('that fails can be asked again', async () => {
    const divide = (by: number) =>
      sql<{ n: number }>`/* prepare divide */ select 6 / ${by}::integer as n`.execute(db.intake)
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' })
    expect((await divide(3)).rows).toEqual([{ n: 2 }])
  })

  it('must not share its name with another', async () => {
    await sql`/* prepare one */ select 1`.execute(db.intake)
    await expect(sql`/* prepare one */ select 2`.execute(db.intake)).rejects.toThrow(/must be unique/)
  })
})

it('a statement without the tag is not kept', async () => {
  await sql`select ${1}::integer`.execute(db.intake)
  expect(await prepared()).toEqual([])
})
