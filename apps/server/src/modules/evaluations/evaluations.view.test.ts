import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { DONGHU, PASSWORD, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { at, rate } from '../../../../../tests/support/rating.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'

let t: TestApp
const by: Record<string, Browser> = {}
const ids: Record<string, string> = {}
beforeAll(async () => {
  t = await testCity()
  const known = { applicant: { name: '赵小兰', idNumber: '990101199003072344', phone: '+86 138 1234 5678' } }
  const give = async (
    name: string,
    ...args: Parameters<typeof rate> extends [unknown, ...infer R] ? R : never
  ) => {
    ids[name] = (await rate(t, ...args)).evaluationId
  }
  await give('anonymous', { level: 1, words: '慢', optionCodes: ['115'] }, known)
  await give('realName', { level: 2, realName: true }, known)
  await give(
    'stranger',
    { level: 2, realName: true, phone: '13998765432', name: '钱二' },
    { applicant: { name: '孙三' } },
  )
  await give('colleague', { level: 5, channel: 1 }, { ...known, staffNumber: DONGHU.colleague })
  await give('badHall', { level: 5, hallLevel: 1 }, known)
  await give('abroad', { level: 1, realName: true, words: '西岭' }, { ...known, ...at(XILING) })
  for (const name of [
    'city',
    'district-dh',
    'head-dh',
    'handler-dh',
    'window-dh',
    'auditor-dh',
    'handler-xl',
  ] as const)
    by[name] = await signIn(t, name)
  await t.services.identity.createAccount('system', {
    username: 'rated-handler',
    displayName: '李明',
    role: 'handler',
    organizationId: DONGHU.department,
    staffNumber: DONGHU.staff,
    password: PASSWORD,
    demo: true,
  })
  by['rated-handler'] = await signIn(t, 'rated-handler')
})
afterAll(() => t.close())

const list = async (who: string, query = '') =>
  (await by[who]!.get(`/api/v1/evaluations${query}`)).json() as {
    total: number
    items: Record<string, unknown>[]
  }
const seen = async (who: string, query = '') => {
  const { items } = await list(who, query)
  return Object.keys(ids)
    .filter((name) => items.some((item) => item.evaluationId === ids[name]))
    .sort()
}
const detail = (who: string, name: string) => by[who]!.get(`/api/v1/evaluations/${ids[name]}`)
const IN_DONGHU = ['anonymous', 'badHall', 'colleague', 'realName', 'stranger']

describe('the ratings an official sees', () => {
  it('are those of the place: the city sees all, a district its own, an organisation its own', async () => {
    expect(await seen('city')).toEqual(Object.keys(ids).sort())
    for (const who of ['district-dh', 'head-dh', 'handler-dh', 'auditor-dh'])
      expect(await seen(who), who).toEqual(IN_DONGHU)
    expect(await seen('handler-xl')).toEqual(['abroad'])
  })

  it('are only those about oneself for whoever sits at the window', async () => {
    expect(await seen('window-dh')).toEqual(['anonymous', 'badHall', 'realName', 'stranger'])
    expect((await detail('window-dh', 'colleague')).statusCode).toBe(404)
  })

  it('have names instead of codes, and say whether they are negative', async () => {
    const { items } = await list('city')
    expect(items.find((i) => i.evaluationId === ids.badHall)).toMatchObject({
      level: 5,
      levelLabel: '非常满意',
      hallLevelLabel: '非常不满意',
      negative: true,
      itemName: '身份证补领',
      organizationName: '东湖区公安局',
      regionName: '东湖区',
      windowName: '户政 1 号窗口',
      staffName: '李明',
      channelLabel: '二维码',
      hasWords: false,
    })
  })

  it.each([
    ['?level=1,2', ['abroad', 'anonymous', 'realName', 'stranger']],
    ['?negative=true', ['abroad', 'anonymous', 'badHall', 'realName', 'stranger']],
    ['?negative=false', ['colleague']],
    ['?channel=1', ['colleague']],
    ['?words=true', ['abroad', 'anonymous']],
    [`?organization=${XILING.organization}`, ['abroad']],
    [`?region=${XILING.region}`, ['abroad']],
    [`?item=${DONGHU.item}&level=5`, ['badHall', 'colleague']],
    [`?window=${XILING.window}`, ['abroad']],
    [`?hall=${XILING.hall}`, ['abroad']],
    ['?from=2026-11-25', []],
    ['?from=2026-11-24&to=2026-11-24', [...IN_DONGHU, 'abroad'].sort()],
    ['?to=2026-11-23', []],
  ])('are narrowed by %s', async (query, expected) => {
    expect(await seen('city', query)).toEqual(expected)
  })

  it('cannot be widened by a filter beyond the place', async () => {
    expect(await seen('handler-dh', `?organization=${XILING.organization}`)).toEqual([])
    expect(await seen('handler-dh', `?region=${XILING.region}`)).toEqual([])
  })

  it('come page by page, newest first', async () => {
    const first = await list('city', '?page=1&pageSize=4')
    const second = await list('city', '?page=2&pageSize=4')
    expect([first.total, first.items.length, second.items.length]).toEqual([6, 4, 2])
    expect((await list('city', '?page=99')).items).toEqual([])
  })

  it.each([
    '?from=2026-13-45',
    '?from=2026-02-30',
    '?to=gestern',
    '?level=6',
    '?page=0',
    '?pageSize=1000',
    '?channel=9',
  ])('are not asked for by %s: that is refused in words', async (query) => {
    const answer = await by.city!.get(`/api/v1/evaluations${query}`)
    expect(answer.statusCode).toBe(422)
    expect(answer.json().errors[0].message).toMatch(/[\u4e00-\u9fff]/)
  })

  it('with characters no database keeps are refused, not broken', async () => {
    expect((await by.city!.get('/api/v1/evaluations?receipt=%00')).statusCode).toBe(400)
  })
})

describe('who rated', () => {
  it('is shown to nobody when the rating is anonymous, though the window knows the applicant', async () => {
    for (const who of ['city', 'district-dh', 'head-dh', 'handler-dh', 'window-dh', 'auditor-dh']) {
      const answer = await detail(who, 'anonymous')
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject({
        evaluatorMasked: null,
        affair: { affairNumber: null, affairName: null, servedAt: null },
      })
      for (const secret of ['赵', '138', '2344', 'LM2026']) expect(answer.body).not.toContain(secret)
    }
  })

  it('is shown masked when the rating is in one’s real name, but never to whoever was rated', async () => {
    expect((await detail('handler-dh', 'realName')).json()).toMatchObject({
      evaluatorMasked: { name: '赵**', phone: '138****5678', idNumber: '9901**********2344' },
    })
    expect((await detail('handler-dh', 'stranger')).json()).toMatchObject({
      evaluatorMasked: { name: '钱*', phone: '139****5432', idNumber: null },
    })
    for (const who of ['window-dh', 'rated-handler'])
      for (const name of ['realName', 'stranger'])
        expect((await detail(who, name)).json(), who).toMatchObject({
          evaluatorMasked: null,
          affair: { affairNumber: null, affairName: null, servedAt: null },
        })
  })

  it('with its words and options is not found from another place', async () => {
    for (const who of ['district-dh', 'head-dh', 'handler-dh', 'window-dh', 'auditor-dh']) {
      const answer = await detail(who, 'abroad')
      expect(answer.statusCode).toBe(404)
      expect(answer.body).not.toContain('西岭')
    }
    expect((await detail('city', 'abroad')).json().words).toBe('西岭')
  })
})

describe('opening a name (R28)', () => {
  const open = (who: string, name: string, reason: unknown = '电话回访核实差评') =>
    by[who]!.post(`/api/v1/evaluations/${ids[name]}/identity`, { reason })
  const journal = async (name: string) =>
    (
      await t.asOwner(
        `select e.actor, e.payload, x.content from journal_entry e join entry_text x using (subject_id, entry_id)
         where e.kind = 'identity.revealed' and e.subject_id = $1`,
        [ids[name]],
      )
    ).rows

  it('shows it to whoever must call back, and leaves who, when and why behind', async () => {
    const answer = await open('handler-dh', 'realName')
    expect(answer.json()).toEqual({ name: '赵小兰', phone: '13812345678', idNumber: '990101199003072344' })
    const [entry] = await journal('realName')
    expect(entry).toMatchObject({
      actor: `account:${by['handler-dh']!.official.accountId}`,
      payload: { fields: ['idNumber', 'name', 'phone'] },
      content: { reason: '电话回访核实差评' },
    })
    expect(JSON.stringify(entry.payload)).not.toMatch(/赵|13812345678|核实/)
  })

  it('needs a reason', async () => {
    for (const reason of ['', '看', '    ', null, 'x'.repeat(201)])
      expect((await open('handler-dh', 'stranger', reason)).statusCode).toBe(422)
    expect(await journal('stranger')).toEqual([])
  })

  it('is closed to all who call nobody', async () => {
    for (const who of ['window-dh', 'auditor-dh']) expect((await open(who, 'realName')).statusCode).toBe(403)
  })

  it('is open to the authorities, who ask citizens by telephone (R17, Q71), and each time written down', async () => {
    const before = (await journal('realName')).length
    for (const who of ['city', 'district-dh']) expect((await open(who, 'realName')).statusCode).toBe(200)
    expect((await journal('realName')).length).toBe(before + 2)
  })

  it('is closed to the person who was rated, though they handle other cases', async () => {
    const answer = await open('rated-handler', 'stranger')
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'own-rating'])
    expect(await journal('stranger')).toEqual([])
  })

  it('is closed from another place, and leaves nothing behind', async () => {
    expect((await open('handler-dh', 'abroad')).statusCode).toBe(404)
    expect(await journal('abroad')).toEqual([])
  })

  it('is closed for everybody when the rating is anonymous', async () => {
    const answer = await open('head-dh', 'anonymous')
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'anonymous'])
    expect(await journal('anonymous')).toEqual([])
  })
})
