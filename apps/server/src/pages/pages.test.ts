import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'
import { DONGHU, testCity } from '../../../../tests/support/longming.ts'
import { aCitizen, inputsOf } from '../../../../tests/support/page.ts'
import { invite, rate } from '../../../../tests/support/rating.ts'
import { localPath } from './frame.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

describe('large print', () => {
  it('is switched on and off by a link, stays on, and comes back to where one was', async () => {
    const citizen = aCitizen(t)
    const path = `/r/${await invite(t)}`
    expect((await citizen.open(path)).body).not.toContain('class="elder"')
    const on = await citizen.open(`/elder?on=1&back=${encodeURIComponent(path)}`)
    expect(on.statusCode).toBe(303)
    expect(on.headers.location).toBe(path)
    expect(on.headers['referrer-policy']).toBe('no-referrer')
    expect(on.headers['set-cookie']).toMatch(/^elder=1;.*HttpOnly;.*SameSite=Lax/)
    expect((await citizen.open(path)).body).toContain('<html lang="zh-CN" class="elder">')
    expect((await citizen.open('/privacy')).body).toContain('切换到标准版')
    await citizen.open('/elder?on=0&back=/')
    expect((await citizen.open(path)).body).not.toContain('class="elder"')
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/elder?on=1',
    '',
  ])('never leads to another site: %s', async (back) => {
    const answer = await aCitizen(t).open(`/elder?on=1&back=${encodeURIComponent(back)}`)
    expect(answer.headers.location).toBe('/')
    expect(localPath(undefined)).toBe('/')
  })
})

describe('the privacy page', () => {
  it('names who sees what of an anonymous and of a real-name rating (R28)', async () => {
    const { statusCode, body } = await aCitizen(t).open('/privacy')
    expect(statusCode).toBe(200)
    for (const who of [
      '被评价的工作人员',
      '办理单位负责核实的人',
      '公众',
      '匿名评价',
      '实名评价',
      '每次查看都有记录',
    ])
      expect(body).toContain(who)
  })

  it('is linked from the page one rates on', async () => {
    expect((await aCitizen(t).open(`/r/${await invite(t)}`)).body).toContain('href="/privacy"')
  })
})

describe('an address that leads nowhere', () => {
  it('is a page for a browser and a problem document for a program', async () => {
    const page = await aCitizen(t).open('/nowhere/at/all')
    expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
    expect(page.body).toContain('没有这个页面')
    const document = await t.server.inject({ method: 'GET', url: '/nowhere/at/all' })
    expect(document.headers['content-type']).toContain('application/problem+json')
    expect(document.json()).toMatchObject({ status: 404, code: 'not-found' })
  })

  it('does not repeat the address, nor a token in it', async () => {
    const answer = await aCitizen(t).open('/p/%3Cscript%3Ealert(1)%3C/script%3E')
    expect(answer.body).not.toContain('<script>alert')
  })
})

describe('the tablet at a window', () => {
  const open = () => aCitizen(t).open(`/hall/${DONGHU.hall}/${DONGHU.window}`)

  it('waits until somebody was served, then shows their link, and waits again once they rated', async () => {
    const fresh = await testCity()
    const citizen = aCitizen(fresh)
    const tablet = () => citizen.open(`/hall/${DONGHU.hall}/${DONGHU.window}`)
    expect((await tablet()).body).toContain('等待下一次服务')
    const token = await invite(fresh, { servedAt: '2026-11-24T09:59:00+08:00' })
    const asking = (await tablet()).body
    expect(asking).toContain(`/r/${token}?c=4`)
    expect(asking).toContain('评不评价、怎么评价都由您自己决定')
    await fresh.services.evaluations.submit(token, {
      level: 5,
      optionCodes: [],
      realName: false,
      channel: 4,
      submissionId: '00000000-0000-4000-8000-000000000001',
    })
    expect((await tablet()).body).toContain('等待下一次服务')
    await fresh.close()
  })

  it('does not offer a service of more than a quarter of an hour ago', async () => {
    t.clock.forward(60 * 60_000)
    await invite(t, { servedAt: '2026-11-24T10:40:00+08:00' })
    expect((await open()).body).toContain('等待下一次服务')
    t.clock.forward(-60 * 60_000)
  })

  it('is not there for a window that does not exist, or that stands in another hall', async () => {
    expect((await aCitizen(t).open(`/hall/${DONGHU.hall}/xl-w1`)).statusCode).toBe(404)
    expect((await aCitizen(t).open('/hall/nix/nix')).statusCode).toBe(404)
  })

  it('leads back to itself after the rating, remembers nobody, and leads nowhere else', async () => {
    const token = await invite(t, { applicant: { name: '赵小兰' } })
    const { body } = await aCitizen(t).open(`/r/${token}?c=4&home=/hall/${DONGHU.hall}/${DONGHU.window}`)
    const controls = inputsOf(body)
    expect(controls.find((c) => c.name === 'home')?.value).toBe(`/hall/${DONGHU.hall}/${DONGHU.window}`)
    expect(controls.find((c) => c.name === 'phone')?.autocomplete).toBe('off')
    const elsewhere = await aCitizen(t).open(`/r/${token}?home=https://evil.example`)
    expect(inputsOf(elsewhere.body).some((c) => c.name === 'home')).toBe(false)
  })

  it('is not lost by reloading the receipt or by switching to large print', async () => {
    const home = encodeURIComponent(`/hall/${DONGHU.hall}/${DONGHU.window}`)
    const { receiptToken } = await rate(t, { level: 5 })
    const { body } = await aCitizen(t).open(`/p/${receiptToken}?home=${home}`)
    expect(body).toContain(`href="/p/${receiptToken}?home=${home}"`)
    expect(body).toContain(`back=${encodeURIComponent(`/p/${receiptToken}?home=${home}`)}`)
  })
})

describe('a demonstration', () => {
  it('says so on every page', async () => {
    const { receiptToken } = await rate(t)
    for (const url of [`/r/${await invite(t)}`, `/p/${receiptToken}`, '/privacy', '/nowhere'])
      expect((await aCitizen(t).open(url)).body, url).toContain('演示系统：数据均为示例')
  })

  it('has no door in production: neither the way in nor the tablet that hands out chances to rate', async () => {
    const real = await testApp({ HAOCHAPING_MODE: 'production' })
    for (const url of ['/demo', `/hall/${DONGHU.hall}/${DONGHU.window}`])
      expect((await aCitizen(real).open(url)).statusCode).toBe(404)
    expect((await aCitizen(real).send('/demo', {})).statusCode).toBe(404)
    expect((await aCitizen(real).open('/privacy')).body).not.toContain('演示系统')
    await real.close()
  })
})
