import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { DONGHU, testCity } from '../../../../../tests/support/longming.ts'
import { anAffairNumber, aPartner } from '../../../../../tests/support/visits.ts'

let t: TestApp
let partner: Awaited<ReturnType<typeof aPartner>>
beforeAll(async () => {
  t = await testCity()
  partner = await aPartner(t)
})
afterAll(() => t.close())

/** A request in the vocabulary of hall systems (docs/domain.md), every word of it used. */
const aHallRequest = (over: object = {}) => ({
  projNo: anAffairNumber(),
  projName: '赵小兰身份证补领',
  serviceName: '办结',
  serviceCode: DONGHU.item,
  serviceVersion: '1',
  serviceDepartment: '东湖区公安局',
  serviceDepartmentCode: '11990101MB0001',
  applicantName: '赵小兰',
  applyTime: '2026-11-24 09:00:00',
  applicantCardNumber: '990101199003072344',
  applicantPhone: '13812345678',
  handleStateCode: '3',
  handleStateName: '已办结',
  regionCode: '990101000000',
  regionName: '东湖区',
  source: '1',
  serviceCategory: '1',
  infoTypeName: '公共服务',
  userProp: '1',
  userPageType: '1',
  transactionTime: '2026-11-24 09:50:00',
  windowCode: DONGHU.window,
  evaluatedPersonInfo: [{ loginName: DONGHU.staff, name: '李明' }],
  version: 2,
  ...over,
})

const ask = async (payload: object) => {
  const answer = await partner.send('/api/v1/adapters/hall/evaluations', payload)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const visitOf = async (request: { projNo: string }) =>
  (await t.asOwner('select * from visit where affair_number = $1', [request.projNo])).rows[0]

describe('a hall system asking for an evaluation page in its own words', () => {
  it('gets a link with an opaque token instead of a person in an address', async () => {
    const request = aHallRequest()
    const answer = await ask(request)
    expect(answer).toMatchObject({ status: 'invited', url: expect.stringMatching(/\/r\/[\w-]{43}$/) })
    expect(answer.qr).toContain('<svg')
    expect(await visitOf(request)).toMatchObject({
      stage: '办结',
      on_site: true,
      item_code: DONGHU.item,
      organization_id: DONGHU.department,
      hall_code: DONGHU.hall,
      window_code: DONGHU.window,
      staff_number: DONGHU.staff,
      applicant_type: '1',
      served_at: new Date('2026-11-24T09:50:00+08:00'),
      applied_at: new Date('2026-11-24T09:00:00+08:00'),
    })
  })

  it('may ask again and gets the same page, also when it never said the time', async () => {
    const { transactionTime: _time, ...request } = aHallRequest()
    const first = await ask(request)
    t.clock.forward(5_000)
    const second = await ask(request)
    expect(second).toMatchObject({ status: 'already-invited', token: first.token })
  })

  it('counts as online without a window', async () => {
    const { windowCode: _window, evaluatedPersonInfo: _who, ...request } = aHallRequest()
    await ask(request)
    expect(await visitOf(request)).toMatchObject({ on_site: false, window_code: '', staff_number: '' })
  })

  it.each([
    ['the stage named', { serviceName: '送达', handleStateCode: '1' }, '送达'],
    ['the state when the name is none of ours', { serviceName: '窗口', handleStateCode: '2' }, '受理'],
    ['handling when neither says', { serviceName: '', handleStateCode: '' }, '办理'],
  ])('takes %s', async (_what, words, stage) => {
    const request = aHallRequest(words)
    await ask(request)
    expect(await visitOf(request)).toMatchObject({ stage })
  })

  it('that leaves out the kind of applicant may still send a natural person’s number', async () => {
    const { userProp: _kind, ...request } = aHallRequest()
    expect(await ask(request)).toMatchObject({ status: 'invited' })
    expect(await visitOf(request)).toMatchObject({ applicant_type: '1' })
  })

  it('with empty words for what it does not know is understood', async () => {
    const request = aHallRequest({
      applicantName: '',
      applicantCardNumber: '',
      applicantPhone: '',
      applyTime: '',
    })
    expect(await ask(request)).toMatchObject({ status: 'invited' })
  })

  it('is told what is wrong in words', async () => {
    expect(await ask(aHallRequest({ serviceCode: 'nix' }))).toMatchObject({
      status: 'refused',
      problem: { code: 'unknown-item' },
    })
    expect(await ask(aHallRequest({ transactionTime: '昨天' }))).toMatchObject({
      status: 'refused',
      problem: { code: 'bad-time' },
    })
  })

  it('signs like everybody else', async () => {
    const answer = await partner.send('/api/v1/adapters/hall/evaluations', aHallRequest(), {
      signature: '0'.repeat(64),
    })
    expect(answer.statusCode).toBe(401)
  })
})
