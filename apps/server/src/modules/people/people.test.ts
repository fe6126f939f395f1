import { randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { SealError } from '../../platform/crypto/sm.ts'
import { makePeopleService, type Person } from './people.service.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

const PERSON = { name: '赵小兰', idNumber: '11010519491231002X', phone: '13812345678' }
const sealed = (person: Person, owner = randomUUID(), evaluation = randomUUID()) => {
  const found = t.services.people.seal(evaluation, owner, person)
  if (!found) throw new Error('nothing to seal')
  return found
}
const insert = async (...rows: ReturnType<typeof sealed>[]) => {
  for (const { row } of rows) await t.services.people.insert(t.app.db.intake, [row])
}
const read = (evaluationId: string) => t.services.people.person(t.app.db.system, evaluationId)

describe('a person', () => {
  it('comes back as given, and no column of the row shows anything of them', async () => {
    const one = sealed(PERSON)
    await insert(one)
    expect(await read(one.row.evaluation_id)).toEqual(PERSON)
    const { rows } = await t.asOwner(
      'select p.*, p::text as whole from personal_data p where owner_id = $1',
      [one.row.owner_id],
    )
    const all = Buffer.concat(
      Object.values(rows[0]).map((v) => (Buffer.isBuffer(v) ? v : Buffer.from(String(v)))),
    )
    for (const value of Object.values(PERSON)) {
      expect(all.includes(value)).toBe(false)
      expect(rows[0].whole).not.toContain(Buffer.from(value).toString('hex'))
    }
  })

  it('of whom nothing is known makes no row', () => {
    for (const nobody of [{}, { name: '' }, { name: undefined, phone: '' }])
      expect(t.services.people.seal(randomUUID(), randomUUID(), nobody)).toBeNull()
  })

  it('of whom nothing is held is null', async () => {
    expect(await read(randomUUID())).toBeNull()
  })

  it('whose evaluation brings details of its own is known by those first, and by the reported ones for the rest', async () => {
    const evaluation = randomUUID()
    await insert(
      sealed({ name: '钱女士', phone: '13900001111' }, evaluation, evaluation),
      sealed(PERSON, randomUUID(), evaluation),
    )
    expect(await read(evaluation)).toEqual({ ...PERSON, name: '钱女士', phone: '13900001111' })
  })

  it('reported again keeps the first row', async () => {
    const [evaluation, owner] = [randomUUID(), randomUUID()]
    await insert(sealed({ name: '先' }, owner, evaluation), sealed({ name: '后' }, owner, evaluation))
    expect(await read(evaluation)).toEqual({ name: '先' })
  })

  it('on screens is masked', async () => {
    const one = sealed(PERSON)
    await insert(one)
    expect(await t.services.people.masked(t.app.db.system, one.row.evaluation_id)).toEqual({
      name: '赵**',
      phone: '138****5678',
      idNumber: '1101**********002X',
    })
    expect(await t.services.people.masked(t.app.db.system, randomUUID())).toBeNull()
  })
})

describe('a row moved or mixed', () => {
  it('to another owner does not open', async () => {
    const one = sealed(PERSON)
    await insert({ ...one, row: { ...one.row, owner_id: randomUUID() } })
    await expect(read(one.row.evaluation_id)).rejects.toThrow(SealError)
  })

  it('out of two others does not open', async () => {
    const [one, other] = [sealed(PERSON), sealed({ ...PERSON, phone: '13900001111' })]
    await insert({ ...one, row: { ...one.row, phone: other.row.phone } })
    await expect(read(one.row.evaluation_id)).rejects.toThrow(SealError)
  })
})

describe('the look-up', () => {
  it('meets for the same number and for no other, and not between kinds', () => {
    const one = sealed(PERSON).row
    const again = sealed({ phone: ` ${PERSON.phone} `, idNumber: PERSON.idNumber.toLowerCase() }).row
    expect(again.phone_index?.equals(one.phone_index!)).toBe(true)
    expect(again.id_number_index?.equals(one.id_number_index!)).toBe(true)
    const crossed = sealed({ phone: PERSON.idNumber, idNumber: PERSON.phone }).row
    expect(crossed.phone_index?.equals(one.id_number_index!)).toBe(false)
    expect(sealed({ name: PERSON.name }).row).toMatchObject({ phone_index: null, id_number_index: null })
  })
})

describe('the commitment', () => {
  it('is that of the row again as long as the row is what it was', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((s) => s.isWellFormed())
    fc.assert(
      fc.property(fc.record({ name: text, phone: text, idNumber: text }), (person) => {
        fc.pre(Object.values(person).some(Boolean))
        const one = sealed(person)
        expect(t.services.people.commitmentOf(one.row)).toBe(one.commitment)
      }),
    )
  })

  it('of the same person is another each time: nobody can be looked for in the journal', () => {
    const made = Array.from({ length: 20 }, () => sealed(PERSON).commitment)
    expect(new Set(made).size).toBe(20)
  })

  it('does not fit a row with another salt, another index, or sealed by a stranger', () => {
    const { row, commitment } = sealed(PERSON)
    expect(t.services.people.commitmentOf({ ...row, salt: randomBytes(16) })).not.toBe(commitment)
    expect(() => t.services.people.commitmentOf({ ...row, phone_index: randomBytes(32) })).toThrow()
    expect(() => t.services.people.commitmentOf({ ...row, id_number_index: null })).toThrow()
    const stranger = makePeopleService({
      ...t.app,
      keys: {
        ...t.app.keys,
        keyring: { ...t.app.keys.keyring, keks: new Map([[row.kek_id, randomBytes(32)]]) },
      },
    })
    expect(() => stranger.commitmentOf(row)).toThrow(SealError)
  })
})

describe('a change of the key-encryption key', () => {
  it('leaves rows sealed before readable, and seals later ones under the new key', async () => {
    const old = sealed(PERSON)
    await insert(old)
    const { keyring } = t.app.keys
    const keks = new Map([...keyring.keks, ['kek-next', randomBytes(32)] as const])
    const later = makePeopleService({
      ...t.app,
      keys: { ...t.app.keys, keyring: { ...keyring, currentKekId: 'kek-next', keks } },
    })
    expect(await later.person(t.app.db.system, old.row.evaluation_id)).toEqual(PERSON)
    const fresh = later.seal(randomUUID(), randomUUID(), PERSON)!
    expect(fresh.row.kek_id).toBe('kek-next')
    expect(() => t.services.people.commitmentOf(fresh.row)).toThrow('no key-encryption key kek-next')
    expect(fresh.row.phone_index?.equals(old.row.phone_index!)).toBe(true)
  })
})
