import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { loadCalendar, official } from '../../../../../tests/support/cases.ts'
import { aComplaint, complain } from '../../../../../tests/support/complaints.ts'
import { DONGHU, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../../tests/support/page.ts'
import { anAffairNumber, anOnlineVisit, aPartner, aVisit } from '../../../../../tests/support/visits.ts'
import { verifyLedger } from '../ledger/verify.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
})
afterAll(() => t.close())

const rows = async (sql: string, values: unknown[] = []) => (await t.asOwner(sql, values)).rows
const findings = async () => (await verifyLedger(t.app, t.services.rowChecks)).findings

describe('complaints by partners', () => {
  it('R14, Q60: a work order of the hotline is answered with a number and a secret link to its progress', async () => {
    const partner = await aPartner(t)
    const answer = await partner.send('/api/v1/complaints', aComplaint())
    expect(answer.statusCode).toBe(200)
    const [one] = answer.json().answers
    expect(one).toMatchObject({ status: 'received' })
    expect(one.complaintNumber).toMatch(/^TS20261124-[2-9A-Z]{8}$/)
    const page = await aCitizen(t).open(new URL(one.progressUrl).pathname)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(one.complaintNumber)
    expect(page.body).toContain('窗口中午没有人')
    expect(page.body).not.toContain('13812345678')
  })

  it('Q60: the same one again, or sent many times at once, is entered once', async () => {
    const partner = await aPartner(t)
    const complaint = aComplaint()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => partner.send('/api/v1/complaints', complaint)),
    )
    const all = answers.map((answer) => answer.json().answers[0])
    expect(new Set(all.map((one) => one.progressUrl)).size).toBe(1)
    expect(all.filter((one) => one.status === 'received')).toHaveLength(1)
    expect(all.filter((one) => one.status === 'already-received')).toHaveLength(4)
    const changed = await partner.send('/api/v1/complaints', { ...complaint, text: '改过的内容' })
    expect(changed.json().answers[0]).toMatchObject({
      status: 'refused',
      problem: { code: 'complaint-conflict' },
    })
    const number = all[0].complaintNumber
    expect(await rows('select 1 from complaint where complaint_number = $1', [number])).toHaveLength(1)
  })

  it('refuses one of a batch and takes the others', async () => {
    const partner = await aPartner(t)
    const { medium: _medium, ...without } = aComplaint()
    const answer = await partner.send('/api/v1/complaints', {
      complaints: [aComplaint(), without, aComplaint({ windowCode: 'nowhere' }), aComplaint()],
    })
    expect(answer.json().answers.map((one: { status: string }) => one.status)).toEqual([
      'received',
      'refused',
      'refused',
      'received',
    ])
    expect(answer.json().answers[2].problem.code).toBe('unknown-window')
  })

  it('asks for a signature, and for a time that has been', async () => {
    const partner = await aPartner(t)
    const forged = await partner.send('/api/v1/complaints', aComplaint(), { signature: 'f'.repeat(64) })
    expect(forged.statusCode).toBe(401)
    const later = await partner.send(
      '/api/v1/complaints',
      aComplaint({ receivedAt: '2026-11-25T09:30:00+08:00' }),
    )
    expect(later.json().answers[0].problem.code).toBe('time-in-future')
  })

  it('Q62: belongs to who handled the affair, whatever organisation is named', async () => {
    const affairNumber = anAffairNumber()
    await t.services.affairs.report({ source: 'hall' }, [
      anOnlineVisit({ affairNumber, itemCode: XILING.item }),
    ])
    const { id } = await complain(t, { affairNumber, organizationId: DONGHU.department })
    const [row] = await rows('select * from complaint where evaluation_id = $1', [id])
    expect(row).toMatchObject({ organization_id: XILING.department, item_code: XILING.item })
    expect(row.matter_id).toBe(t.services.affairs.matterId('hall', affairNumber))
  })

  it('Q62: of an affair number that two systems use it must say which', async () => {
    const affairNumber = anAffairNumber()
    for (const source of ['hall', 'web'])
      await t.services.affairs.report({ source }, [aVisit({ affairNumber })])
    await expect(complain(t, { affairNumber })).rejects.toThrow('ambiguous-affair')
    const { id } = await complain(t, { affairNumber, affairSource: 'web' })
    const [row] = await rows('select matter_id from complaint where evaluation_id = $1', [id])
    expect(row.matter_id).toBe(t.services.affairs.matterId('web', affairNumber))
  })

  it('an affair nobody knows needs something else that says whose it is', async () => {
    const { windowCode: _window, ...given } = aComplaint({ affairNumber: 'NOBODY-KNOWS-1' })
    const [answer] = await t.services.complaints.report({ source: 'hotline' }, [given])
    expect(answer).toMatchObject({ status: 'refused', problem: { code: 'subject-missing' } })
    const one = await complain(t, { affairNumber: 'NOBODY-KNOWS-1' })
    const two = await complain(t, { affairNumber: 'NOBODY-KNOWS-1' })
    const matters = await rows('select distinct matter_id from complaint where evaluation_id in ($1, $2)', [
      one.id,
      two.id,
    ])
    expect(matters).toHaveLength(1)
  })
})

describe('complaints in the console', () => {
  const entry = () => ({
    submissionId: randomUUID(),
    kind: 'opinion' as const,
    medium: 'visit' as const,
    itemCode: DONGHU.item,
    text: '建议中午安排人值班。',
    person: { name: '周敏', phone: '0431-88776655' },
    receivedAt: '2026-11-24T09:00:00+08:00',
  })

  it('are taken down by an official for what is within their place, once', async () => {
    const district = await official(t, 'district-dh')
    const given = entry()
    const [one, two] = [
      await t.services.complaints.register(district, given),
      await t.services.complaints.register(district, given),
    ]
    expect(two).toEqual(one)
    const [said] = await rows(
      "select actor from journal_entry where subject_id = $1 and kind = 'complaint.received'",
      [one.id],
    )
    expect(said.actor).toBe(`account:${district.accountId}`)
    await expect(
      t.services.complaints.register(district, { ...entry(), itemCode: XILING.item }),
    ).rejects.toMatchObject({ status: 403, code: 'outside-place' })
  })

  it('R28: shows the person masked, opens them for a reason that stays in the journal', async () => {
    const { id } = await complain(t)
    const handler = await official(t, 'handler-dh')
    const seen = await t.services.complaintViews.detail(handler, id)
    expect(seen).toMatchObject({ personMasked: { name: '孙*', phone: '138****5678' }, kindLabel: '投诉' })
    const person = await t.services.complaintViews.reveal(handler, id, '电话回访核实')
    expect(person).toEqual({ name: '孙丽', phone: '13812345678', idNumber: null })
    expect(
      await rows("select 1 from journal_entry where subject_id = $1 and kind = 'identity.revealed'", [id]),
    ).toHaveLength(1)
    const other = await official(t, 'handler-xl')
    await expect(t.services.complaintViews.detail(other, id)).rejects.toMatchObject({ status: 404 })
    await expect(t.services.complaintViews.reveal(other, id, '电话回访核实')).rejects.toMatchObject({
      status: 404,
    })
  })

  it('R28: whoever is complained about learns neither person nor number', async () => {
    await t.services.identity.createAccount('system', {
      username: 'clerk-who-handles',
      displayName: '李明',
      role: 'handler',
      organizationId: DONGHU.department,
      staffNumber: DONGHU.staff,
      password: 'Longming-2026',
      demo: true,
    })
    const { official: clerk } = await t.services.identity.signIn('clerk-who-handles', 'Longming-2026')
    const { id } = await complain(t, { staffNumber: DONGHU.staff })
    expect(await t.services.complaintViews.detail(clerk, id)).toMatchObject({
      personMasked: null,
      sourceNumber: null,
      affairNumber: null,
    })
    await expect(t.services.complaintViews.reveal(clerk, id, '电话回访核实')).rejects.toMatchObject({
      code: 'own-rating',
    })
  })
})

describe('verification of complaints', () => {
  it('R26: finds every column that was changed, and a row that was deleted', async () => {
    const { id } = await complain(t)
    await t.settle()
    expect(await findings()).toEqual([])
    const change: Record<string, string> = {
      complaint_number: "complaint_number || 'x'",
      kind: "'opinion'",
      medium: "'mail'",
      source: "'x'",
      source_number: "'x'",
      matter_id: 'gen_random_uuid()',
      affair_number: "'x'",
      item_code: "'x'",
      organization_id: "'x'",
      organization_path: "'x'",
      region_code: "'x'",
      window_code: "'x'",
      staff_number: "'x'",
      real_name: 'not real_name',
      do_not_contact: 'not do_not_contact',
      received_at: "received_at + interval '1 microsecond'",
      recorded_at: "recorded_at + interval '1 microsecond'",
      entry_id: 'gen_random_uuid()',
      digest: "'\\x00'",
    }
    const columns = await rows(
      "select column_name from information_schema.columns where table_name = 'complaint' and column_name <> 'evaluation_id'",
    )
    expect(Object.keys(change).sort()).toEqual(columns.map((c) => c.column_name).sort())
    const [before] = await rows('select * from complaint where evaluation_id = $1', [id])
    for (const [column, value] of Object.entries(change)) {
      await t.asOwner(`update complaint set ${column} = ${value} where evaluation_id = $1`, [id])
      expect(await findings(), column).not.toEqual([])
      const exact = column.endsWith('_at') ? `${column} - interval '1 microsecond'` : '$2'
      await t.asOwner(
        `update complaint set ${column} = ${exact} where evaluation_id = $1`,
        exact === '$2' ? [id, before[column]] : [id],
      )
    }
    expect(await findings()).toEqual([])
    await t.asOwner('delete from complaint where evaluation_id = $1', [id])
    expect(await findings()).not.toEqual([])
  })
})
