import { expect, it } from 'vitest'
import { cursorOf, pageEndOf } from './cursor.ts'

const END = {
  at: new Date('2026-11-24T15:59:59.999Z'),
  id: '0190a3c4-0000-7000-8000-000000000001',
  number: 3,
}
const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

it('the end of a page comes back from an address as it was', () => {
  expect(cursorOf(END)).toMatch(/^[0-9A-Za-z_-]{1,200}$/)
  expect(pageEndOf(cursorOf(END))).toEqual(END)
  const { number: _, ...alone } = END
  expect(pageEndOf(cursorOf(alone))).toEqual({ ...END, number: 0 })
})

it.each([
  'rubbish',
  '',
  written('text'),
  written(null),
  written(['no day', END.id, 0]),
  written([END.at.toISOString(), 'no id', 0]),
  written([END.at.toISOString(), END.id]),
  written([END.at.toISOString(), END.id, 0.5]),
  // What looks right and would stop the database.
  written([END.at.toISOString(), '-'.repeat(36), 0]),
  written([END.at.toISOString(), 'a'.repeat(36), 0]),
  written(['-271821-04-20T00:00:00.000Z', END.id, 0]),
  written(['+275760-09-13T00:00:00.000Z', END.id, 0]),
  written([END.at.toISOString(), END.id, 2 ** 40]),
])('%j leads nowhere, and whoever sent it is told so', (cursor) => {
  expect(() => pageEndOf(cursor)).toThrow(
    expect.objectContaining({ status: 422, code: 'cursor-unknown', field: 'after' }),
  )
})
