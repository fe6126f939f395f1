import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

it('what a token leads to is looked up by key, also in tables that nobody has analysed yet', async () => {
  const ids = Array.from({ length: 60 }, () => randomUUID())
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    explain select * from rateable where evaluation_id = any(${ids}::uuid[])`.execute(t.app.db.intake)
  const plan = rows.map((row) => row['QUERY PLAN'])
  expect(plan.filter((line) => /Seq Scan|hashed|Hash|Merge/.test(line))).toEqual([])
  // Four tables, each with its condition on the key.
  expect(plan.filter((line) => /Index Cond: \(+evaluation_id = /.test(line))).toHaveLength(4)
})
