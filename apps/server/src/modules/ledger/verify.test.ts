import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Attack, testAttack, VOUCHED } from '../../../../../tests/support/tampering.ts'

let t: Attack
beforeAll(async () => {
  t = await testAttack()
  expect(await t.findings()).toEqual([])
})
afterAll(() => t.close())
afterEach(async () => {
  await t.putBack()
  expect(await t.findings()).toEqual([])
})

/** SQL for a value of the column's type that differs from the one given by as little as can be. */
function changed(table: string, column: string, type: string): string {
  switch (type) {
    case 'text':
      return `${column} || 'x'`
    case 'ARRAY':
      return `array_append(${column}, 'x')`
    case 'uuid':
      return `overlay(${column}::text placing (case right(${column}::text, 1) when '0' then '1' else '0' end) from 36)::uuid`
    case 'boolean':
      return `not ${column}`
    case 'bytea':
      return `set_byte(${column}, length(${column}) - 1, get_byte(${column}, length(${column}) - 1) # 1)`
    case 'timestamp with time zone':
      return `${column} + interval '1 microsecond'`
    case 'jsonb':
      return `jsonb_set(${column}, '{}', ${column}) || '{"x":1}'`
    default:
      // Levels and channels stay what may be one; positions and coordinates go where nothing is yet.
      return table === 'evaluation' ? `${column} % 5 + 1` : `${column} + 1000`
  }
}

async function columnsOf(table: string): Promise<{ column: string; type: string; nullable: boolean }[]> {
  const { rows } = await t.owner.query(
    `select column_name, data_type, is_nullable from information_schema.columns
     where table_name = $1 order by ordinal_position`,
    [table],
  )
  return rows.map((r) => ({ column: r.column_name, type: r.data_type, nullable: r.is_nullable === 'YES' }))
}
const anyRow = (table: string, column: string) =>
  `ctid = (select ctid from ${table} where ${column} is not null order by ${table}::text desc limit 1)`

describe('one value of one row changed with the power of the database owner', () => {
  it.each(VOUCHED)('is found in every column of %s', async (table) => {
    for (const { column, type, nullable } of await columnsOf(table)) {
      const changes = [changed(table, column, type), ...(nullable ? ['null'] : [])]
      for (const value of changes) {
        const { rowCount } = await t.owner.query(
          `update ${table} set ${column} = ${value} where ${anyRow(table, column)}`,
        )
        expect(rowCount, `${table}.${column}`).toBe(1)
        expect((await t.findings()).length, `${table}.${column} = ${value}`).toBeGreaterThan(0)
        await t.putBack(table)
      }
    }
  })

  it.each(['null', '9', '4', 'true', '"x"', '{"a":1.5}'])(
    'is found when a payload’s level reads %s',
    async (value) => {
      await t.owner.query(
        `update journal_entry set payload = jsonb_set(payload, '{level}', $1) where payload ->> 'level' = '5'`,
        [value],
      )
      expect((await t.findings())[0]?.where).toMatch(/^position \d+$/)
    },
  )

  it('names the very entry: its position, its id, its kind', async () => {
    const { rows } = await t.owner.query(
      `select l.position, l.entry_id from ledger_leaf l join journal_entry e using (subject_id, entry_id)
       where e.kind = 'evaluation.submitted' order by position limit 1`,
    )
    await t.owner.query(`update journal_entry set actor = 'system' where entry_id = $1`, [rows[0].entry_id])
    expect(await t.findings()).toEqual([
      {
        where: `position ${rows[0].position}`,
        what: expect.stringContaining(`${rows[0].entry_id} (evaluation.submitted)`),
      },
    ])
  })

  it('is one finding each when many are changed, lowest position first', async () => {
    await t.owner.query(`update journal_entry set actor = 'x'`)
    const { rows } = await t.owner.query('select count(*) as n from ledger_leaf')
    expect((await t.findings()).map((f) => f.where)).toEqual(
      Array.from({ length: Number(rows[0].n) }, (_, i) => `position ${i}`),
    )
  })
})

describe('a row deleted with the power of the database owner', () => {
  it.each(VOUCHED)('is missed, whichever of %s it is', async (table) => {
    const { rows } = await t.owner.query(`select count(*) as n from ${table}`)
    for (let i = 0; i < Number(rows[0].n); i++) {
      await t.owner.query(
        `delete from ${table} where ctid = (select ctid from ${table} order by ${table}::text offset ${i} limit 1)`,
      )
      // A checkpoint in the middle may be taken away: those after it vouch for all that it vouched for.
      const last = (
        await t.owner.query(
          'select max(size) = (select max(size) from kept_ledger_checkpoint) as kept from ledger_checkpoint',
        )
      ).rows[0].kept
      if (table !== 'ledger_checkpoint' || !last)
        expect((await t.findings()).length, `${table} ${i}`).toBeGreaterThan(0)
      await t.putBack(table)
    }
  })

  it('is missed in journal_pending: an entry that the sealer will never see', async () => {
    await t.write(1)
    expect(await t.findings()).toEqual([])
    await t.owner.query('delete from journal_pending')
    expect((await t.findings())[0]?.what).toMatch(/neither sealed nor waiting/)
  })
})

describe('rows added with the power of the database owner', () => {
  it.each([
    [
      'a text to an entry that has none',
      `insert into entry_text select subject_id, entry_id, '\\x00', '{"words":"好"}' from journal_entry e where not exists (select 1 from entry_text x where x.entry_id = e.entry_id) limit 1`,
    ],
    [
      'a person that nobody reported',
      `insert into personal_data select evaluation_id, gen_random_uuid(), kek_id, wrapped_key, name, id_number, phone, phone_index, id_number_index, salt from personal_data limit 1`,
    ],
    [
      'a rating that nobody gave',
      `insert into evaluation select (jsonb_populate_record(e, jsonb_build_object('evaluation_id', gen_random_uuid()))).* from evaluation e limit 1`,
    ],
    [
      'a visit that nobody reported',
      `insert into visit select (jsonb_populate_record(v, jsonb_build_object('visit_id', gen_random_uuid()))).* from visit v limit 1`,
    ],
    [
      'an entry past the sealer',
      `insert into journal_entry values (gen_random_uuid(), gen_random_uuid(), 'evaluation.submitted', now(), 'citizen', '{}')`,
    ],
    [
      'a leaf',
      `insert into ledger_leaf select max(position) + 1, gen_random_uuid(), gen_random_uuid(), '\\x00' from ledger_leaf`,
    ],
    [
      'a leaf before the first',
      `insert into ledger_leaf values (-1, gen_random_uuid(), gen_random_uuid(), '\\x00')`,
    ],
    ['a node', `insert into ledger_node values (40, 0, '\\x00')`],
    [
      'a checkpoint for more than there is',
      `insert into ledger_checkpoint select size + 1, root, issued_at, key_id, body, signature from ledger_checkpoint order by size desc limit 1`,
    ],
  ])('are found: %s', async (_what, sql) => {
    const { rowCount } = await t.owner.query(sql)
    expect(rowCount).toBe(1)
    expect((await t.findings()).length).toBeGreaterThan(0)
  })
})
