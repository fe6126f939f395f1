import { LEVELS, optionsFor } from '@haochaping/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen, type Control, formFields, inputsOf, plain } from '../../../../tests/support/page.ts'
import { invite } from '../../../../tests/support/rating.ts'
import { anOnlineVisit } from '../../../../tests/support/visits.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

const DAY = 86_400_000
const online = async () => {
  const [answer] = await t.services.affairs.report({ source: 'test' }, [anOnlineVisit()])
  return answer && 'token' in answer ? answer.token : ''
}
const radios = (inputs: Control[], name: string) =>
  inputs.filter((i) => i.type === 'radio' && i.name === name).map((i) => i.value)
/** Opens the form, fills it in and presses the button. */
async function fillIn(token: string, given: Record<string, string | string[]>) {
  const citizen = aCitizen(t)
  const form = await citizen.open(`/r/${token}`)
  return citizen.send(`/r/${token}`, { ...formFields(form.body), ...given })
}
const evaluationOf = async (location: string) =>
  t.services.evaluations.receiptView(location.split('/p/')[1]!.split('?')[0]!)

describe('the page one rates on', () => {
  it('says what is rated, by whom it was handled, and asks for both subjects on site (R9)', async () => {
    const answer = await aCitizen(t).open(`/r/${await invite(t)}`)
    expect(answer.statusCode).toBe(200)
    for (const text of [
      '身份证补领',
      '东湖区公安局',
      '户政 1 号窗口',
      '李明',
      '办结',
      '这件事办得怎么样',
      '大厅的服务怎么样',
    ])
      expect(answer.body).toContain(text)
    const inputs = inputsOf(answer.body)
    expect(radios(inputs, 'level')).toEqual(['5', '4', '3', '2', '1'])
    expect(radios(inputs, 'hallLevel')).toEqual(['5', '4', '3', '2', '1', 'none'])
  })

  it('asks for one subject when the affair was handled online', async () => {
    const { body } = await aCitizen(t).open(`/r/${await online()}`)
    expect(radios(inputsOf(body), 'level')).toHaveLength(5)
    expect(radios(inputsOf(body), 'hallLevel')).toEqual([])
    expect(body).not.toContain('大厅的服务')
    expect(body).toContain('网上办理')
  })

  it('has nothing chosen beforehand, and every level is one click away, worded and drawn alike (R27)', async () => {
    const { body } = await aCitizen(t).open(`/r/${await invite(t)}`)
    expect(inputsOf(body).filter((i) => 'checked' in i)).toEqual([])
    for (const { level, label } of LEVELS) {
      expect(body.split(`id="level-${level}"`)).toHaveLength(2)
      expect(plain(body)).toMatch(new RegExp(`<label[^>]*for="level-${level}">.*?${label}</label>`))
    }
    const labels = [...body.matchAll(/<label class="([^"]*)" for="level-\d"/g)].map(([, name]) => name)
    expect(new Set(labels).size).toBe(1)
  })

  it('offers the options of every level, three of them at once and the others behind "more"', async () => {
    const { body } = await aCitizen(t).open(`/r/${await invite(t)}`)
    const boxes = inputsOf(body).filter((i) => i.type === 'checkbox' && i.name === 'options')
    expect(boxes.map((i) => i.value)).toEqual(
      LEVELS.flatMap(({ level }) => optionsFor(level).map((o) => o.code)),
    )
    expect(body).toContain('更多选项（5 项）')
  })

  it('allows as many words as the policy of the place does', async () => {
    const maximum = (body: string) => /最多 (\d+) 字/.exec(body)?.[1]
    const token = await invite(t)
    expect(maximum((await aCitizen(t).open(`/r/${token}`)).body)).toBe('500')
    await t.asOwner(
      `insert into policy (key, region_code, version, value, unit, valid_from)
       values ('words_max', '990101000000', 1, 300, 'character', '2026-11-01')`,
    )
    t.services.catalog.forget()
    expect(maximum((await aCitizen(t).open(`/r/${token}`)).body)).toBe('300')
    await t.asOwner('delete from policy')
    t.services.catalog.forget()
  })

  it('says beside each choice of name who will see what', async () => {
    const { body } = await aCitizen(t).open(`/r/${await invite(t)}`)
    expect(body).toContain('看不到您的姓名和电话')
    expect(body).toContain('每看一次都留下记录')
    expect(body).toContain('将使用您办这件事时登记的姓名和电话')
    const unknown = await aCitizen(t).open(`/r/${await invite(t, { applicant: { name: '赵小兰' } })}`)
    expect(unknown.body).toContain('手机号（实名评价必填）')
    expect(unknown.body).not.toContain('赵小兰')
  })

  it('is kept nowhere, sends its address to nobody and runs no script but ours', async () => {
    const { headers } = await aCitizen(t).open(`/r/${await invite(t)}`)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-robots-tag']).toBe('noindex')
    expect(headers['content-security-policy']).toMatch(
      /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/,
    )
    expect(headers['content-security-policy']).not.toContain('unsafe')
  })

  it('opens any number of times and never uses the token up', async () => {
    const token = await invite(t)
    for (let i = 0; i < 100; i++) expect((await aCitizen(t).open(`/r/${token}`)).statusCode).toBe(200)
    expect((await fillIn(token, { level: '5' })).statusCode).toBe(303)
  })
})

describe('pressing the button, without any script', () => {
  it('with a level alone leads to the receipt', async () => {
    const answer = await fillIn(await invite(t), { level: '4' })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toMatch(/^\/p\/[\w-]{43}$/)
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(await evaluationOf(answer.headers.location as string)).toMatchObject({ level: 4, realName: false })
  })

  it('takes both subjects, their options, the words and the wish not to be contacted', async () => {
    const answer = await fillIn(await invite(t), {
      level: '1',
      hallLevel: '5',
      options: ['108', '115'],
      hallOptions: ['517'],
      words: '要了指南上\n没有的材料',
      realName: 'yes',
      doNotContact: 'yes',
    })
    expect(await evaluationOf(answer.headers.location as string)).toMatchObject({
      level: 1,
      hallLevel: 5,
      options: [{ code: '108' }, { code: '115' }, { code: '517' }],
      words: '要了指南上\n没有的材料',
      realName: true,
      doNotContact: true,
    })
  })

  it('leaves out the options of a level that was changed afterwards: nobody sees them any more', async () => {
    const answer = await fillIn(await invite(t), { level: '5', options: ['108', '510'], hallLevel: 'none' })
    expect(await evaluationOf(answer.headers.location as string)).toMatchObject({
      hallLevel: null,
      options: [{ code: '510' }],
    })
  })

  it('without a level keeps everything that was entered and says what is missing', async () => {
    const token = await invite(t, { applicant: { name: '赵小兰' } })
    const answer = await fillIn(token, {
      hallLevel: '2',
      hallOptions: ['207'],
      words: '说了 <b>半天</b>',
      realName: 'yes',
      phone: '138 1234 5678',
      name: '赵"小兰',
    })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('还没有提交，请先改这里')
    expect(answer.body).toContain('请选择一个满意度等级')
    expect(answer.body).not.toContain('<b>半天</b>')
    expect(formFields(answer.body)).toMatchObject({
      hallLevel: '2',
      hallOptions: '207',
      words: '说了 <b>半天</b>',
      realName: 'yes',
      phone: '138 1234 5678',
      name: '赵"小兰',
    })
  })

  it('with words too long, or a phone that is none, does the same', async () => {
    const token = await invite(t, { applicant: { name: '赵小兰' } })
    const words = '长'.repeat(501)
    const answer = await fillIn(token, { level: '2', options: '207', words, realName: 'yes', phone: '123' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('文字最多 500 字，现有 501 字')
    expect(answer.body).toContain('手机号应为 11 位')
    expect(formFields(answer.body)).toMatchObject({ level: '2', options: '207', words, phone: '123' })
    expect(answer.body).toMatch(/href="#phone"/)
    const mended = await aCitizen(t).send(`/r/${token}`, {
      ...formFields(answer.body),
      words: '短',
      phone: '138-1234-5678',
    })
    expect(mended.statusCode).toBe(303)
  })

  it('twice, or again after "back", leads both times to the same receipt', async () => {
    const token = await invite(t)
    const citizen = aCitizen(t)
    const fields = { ...formFields((await citizen.open(`/r/${token}`)).body), level: '1' }
    const [one, two] = await Promise.all([
      citizen.send(`/r/${token}`, fields),
      citizen.send(`/r/${token}`, fields),
    ])
    expect([one.statusCode, two.statusCode]).toEqual([303, 303])
    expect(one.headers.location).toBe(two.headers.location)
    t.clock.forward(DAY)
    const late = await citizen.send(`/r/${token}`, fields)
    t.clock.forward(-DAY)
    expect(late.headers.location).toBe(one.headers.location)
  })

  it('with a form made up by hand breaks nothing', async () => {
    const token = await invite(t)
    for (const fields of [
      { level: '9' },
      { level: ['', 'x'] },
      { level: '5', options: ['<x>', '999'], channel: '99', submissionId: 'x', home: 'https://evil.example' },
    ])
      expect((await aCitizen(t).send(`/r/${token}`, fields)).statusCode).toBeLessThan(500)
    const json = await t.server.inject({ method: 'POST', url: `/r/${await invite(t)}`, payload: [1, 2] })
    expect(json.statusCode).toBe(422)
  })

  it('counts the channel that the link came by, and no channel a page cannot be', async () => {
    const channelAfter = async (query: string) => {
      const token = await invite(t)
      const citizen = aCitizen(t)
      const form = await citizen.open(`/r/${token}${query}`)
      const answer = await citizen.send(`/r/${token}`, { ...formFields(form.body), level: '5' })
      const { evaluationId } = await evaluationOf(answer.headers.location as string)
      return (await t.asOwner('select channel from evaluation where evaluation_id = $1', [evaluationId]))
        .rows[0].channel
    }
    expect(await channelAfter('?c=3')).toBe(3)
    expect(await channelAfter('?c=4&home=/hall/dh-hall/dh-w1')).toBe(4)
    expect(await channelAfter('?c=6')).toBe(1)
  })
})

describe('a link that does not open', () => {
  it.each([
    ['unknown', async () => 'A'.repeat(43), 404, '这个评价链接打不开'],
    ['cut short', async () => (await invite(t)).slice(0, 20), 404, '这个评价链接打不开'],
    ['expired', () => invite(t, { servedAt: '2026-10-26T10:00:00+08:00' }), 410, '评价期限已过'],
  ])('%s: says so in a page and what one can do now', async (_what, make, status, heading) => {
    const token = await make()
    t.clock.forward(5 * DAY)
    for (const answer of [
      await aCitizen(t).open(`/r/${token}`),
      await aCitizen(t).send(`/r/${token}`, { level: '1' }),
    ]) {
      expect(answer.statusCode).toBe(status)
      expect(answer.headers['content-type']).toContain('text/html')
      expect(answer.body).toContain(heading)
      expect(answer.body).toContain('12345')
    }
    t.clock.forward(-5 * DAY)
  })

  it('used: points to the receipt and tells who did not rate what to do', async () => {
    const token = await invite(t)
    await fillIn(token, { level: '5' })
    const opened = await aCitizen(t).open(`/r/${token}`)
    expect(opened.statusCode).toBe(409)
    expect(opened.body).toContain('如果不是您本人评价的')
    expect(opened.body).not.toContain('/p/')
  })
})
