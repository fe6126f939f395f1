import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { SealError, sealBytes } from '../../platform/crypto/sm.ts'
import type { Keys } from '../../platform/keys.ts'
import type { Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { makeReportSealing } from './retaliation.sealing.ts'
import { makeRetaliation } from './retaliation.service.ts'
import { insertReport, type ReportRow, reportFacts } from './retaliation.store.ts'

let t: TestApp
let city: Official
let id: string
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  city = await official(t, 'city')
  id = await aCase(t)
})
afterAll(() => t.close())

const KEK_2 = Buffer.alloc(32, 2)
/** The room with other key-encryption keys. */
const room = (change: Partial<Keys['keyring']> = {}) =>
  makeRetaliation(
    { ...t.app, keys: { ...t.app.keys, keyring: { ...t.app.keys.keyring, ...change } } },
    { ...t.services, cases: t.services.registers },
  )
const rotated = () =>
  room({ keks: new Map([...t.app.keys.keyring.keks, ['kek-2', KEK_2]]), currentKekId: 'kek-2' })
const alone = () => room({ keks: new Map([['kek-2', KEK_2]]), currentKekId: 'kek-2' })
async function report(by: ReturnType<typeof room>, statement: string): Promise<string> {
  t.clock.forward(1_000)
  await by.report(
    { evaluationId: id, organizationId: DONGHU.department, regionCode: DONGHU.region },
    { statement },
  )
  return (await by.list(city, undefined, 1, 1)).items[0]!.reportId
}
const stored = async (reportId: string) =>
  (
    await t.asOwner(
      `select x.content ->> 'statement' as text from entry_text x
       join journal_entry e on e.subject_id = x.subject_id and e.entry_id = x.entry_id
       where e.kind = 'supervision.retaliation_reported' and e.payload ->> 'reportId' = $1`,
      [reportId],
    )
  ).rows[0].text as string

describe('P6, Q81: what a report of retaliation says is sealed as personal data is', () => {
  it('under the current key, whose id stands with it; the same words never look the same', async () => {
    const [first, second] = [await report(room(), '甲'), await report(room(), '乙')]
    const { currentKekId } = t.app.keys.keyring
    expect(await stored(first)).toMatch(new RegExp(`^${currentKekId}\\.[\\w-]+\\.[\\w-]+$`))
    const [a, b] = [await stored(first), await stored(second)].map((text) => text.split('.')[1])
    expect(a, 'a data key of its own').not.toBe(b)
  })

  it('after a new key both open; without the old one only what came after it', async () => {
    const before = await report(room(), '换密钥之前')
    const after = await report(rotated(), '换密钥之后')
    expect(await stored(after)).toMatch(/^kek-2\./)
    for (const [reportId, statement] of [
      [before, '换密钥之前'],
      [after, '换密钥之后'],
    ] as const)
      expect(await rotated().detail(city, id, reportId)).toMatchObject({ statement })
    expect(await alone().detail(city, id, after)).toMatchObject({ statement: '换密钥之后' })
    await expect(alone().detail(city, id, before)).rejects.toThrow(SealError)
  })

  it('the master alone opens none of them, and a text does not open as that of another report', async () => {
    const other = await aCase(t)
    const sealing = makeReportSealing(t.app.keys)
    const owner = { evaluation_id: id, report_id: other }
    const text = sealing.seal(owner, 'statement', '原话')
    expect(sealing.open(owner, 'statement', text)).toBe('原话')
    expect(() => sealing.open({ ...owner, evaluation_id: other }, 'statement', text)).toThrow(SealError)
    expect(() => sealing.open(owner, 'contact', text)).toThrow(SealError)
    const none = makeReportSealing({ ...t.app.keys, keyring: { ...t.app.keys.keyring, keks: new Map() } })
    expect(() => none.open(owner, 'statement', text)).toThrow(SealError)
  })

  it('one from before each had a key of its own still opens', async () => {
    const row: ReportRow = {
      evaluation_id: await aCase(t),
      report_id: '00000000-0000-8000-8000-000000000001',
      ...{ state: 'reported', outcome: null, organization_id: DONGHU.department },
      ...{ organization_path: '/lm/lm-dh/lm-dh-gaj/', region_code: DONGHU.region },
      ...{ reported_at: t.clock.now, answered_at: null, answered_by: null, version: 1 },
    }
    const context = Buffer.from(`retaliation\n${row.evaluation_id}\n${row.report_id}\nstatement`)
    const statement = sealBytes(t.app.keys.derive('retaliation'), Buffer.from('早先的'), context)
    await t.app.db.intake.transaction().execute(async (tx) => {
      await insertReport(tx, row)
      await appendEntry(tx, {
        ...{ subjectId: row.evaluation_id, kind: 'supervision.retaliation_reported', actor: 'citizen' },
        at: t.clock.now,
        payload: reportFacts(row),
        text: { statement: statement.toString('base64') },
      })
    })
    await t.settle()
    expect(await rotated().detail(city, row.evaluation_id, row.report_id)).toMatchObject({
      statement: '早先的',
    })
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
  })
})
