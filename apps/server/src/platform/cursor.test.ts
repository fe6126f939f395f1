import { expect, it } from 'vitest'
import { makeCursors } from './cursor.ts'
import { generateKeys, openKeys } from './keys.ts'

const END = {
  at: new Date('2026-11-24T15:59:59.999Z'),
  id: '0190a3c4-0000-7000-8000-000000000001',
  number: 3,
}
const keys = openKeys(generateKeys('demo'))
const cursors = makeCursors(keys, 'cases')
const refused = expect.objectContaining({ status: 400, code: 'cursor-unknown', field: 'after' })

it('the end of a page comes back from an address as it was', () => {
  expect(cursors.write(END)).toMatch(/^[0-9A-Za-z_-]{1,200}$/)
  expect(cursors.read(cursors.write(END))).toEqual(END)
  const { number: _, ...alone } = END
  expect(cursors.read(cursors.write(alone))).toEqual({ ...END, number: 0 })
  const before = { ...END, at: new Date('1969-01-01T00:00:00Z'), number: -3 }
  expect(cursors.read(cursors.write(before))).toEqual(before)
})

it('R28: a cursor tells nothing: neither moment nor id can be read, nor whether two are of one place', () => {
  const cursor = cursors.write(END)
  const bytes = Buffer.from(cursor, 'base64url')
  for (const read of [cursor, bytes.toString('latin1'), bytes.toString('hex')])
    for (const secret of ['2026-11', '0190a3c4', END.id.replaceAll('-', '')])
      expect(read).not.toContain(secret)
  expect(cursors.write(END)).not.toBe(cursor)
  expect(cursors.write({ ...END, number: 2_000_000_000 })).toHaveLength(cursor.length)
})

it('a cursor that was changed anywhere is refused, and whoever sent it is told so', () => {
  const sealed = Buffer.from(cursors.write(END), 'base64url')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    expect(() => cursors.read(changed.toString('base64url'))).toThrow(refused)
  }
})

it.each([
  'rubbish',
  '',
  'A'.repeat(102),
  // As cursors were before they were sealed, and as anybody can write them.
  Buffer.from(JSON.stringify([END.at.toISOString(), END.id, 0])).toString('base64url'),
  makeCursors(keys, 'appeals').write(END),
  makeCursors(openKeys(generateKeys('demo')), 'cases').write(END),
])('%j leads nowhere, and whoever sent it is told so', (cursor) => {
  expect(() => cursors.read(cursor)).toThrow(refused)
})
