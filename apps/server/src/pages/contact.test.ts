import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import { aCitizen } from '../../../../tests/support/page.ts'
import { rate } from '../../../../tests/support/rating.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

const page = async (rating: object) => {
  const { receiptToken } = await rate(t, { level: 1, ...rating })
  return `/p/${receiptToken}/contact`
}
const named = { realName: true, phone: '13612345678' }

describe('P7: how one wants to be told', () => {
  it('is led to from the progress page of a bad rating, and from no other', async () => {
    const [bad, good] = [await rate(t, { level: 1 }), await rate(t, { level: 5 })]
    const open = async (token: string) => (await aCitizen(t).open(`/p/${token}`)).body
    expect(await open(bad.receiptToken)).toContain(`href="/p/${bad.receiptToken}/contact"`)
    expect(await open(good.receiptToken)).not.toContain('/contact"')
  })

  it('may be not at all, without script, and again after all', async () => {
    const citizen = aCitizen(t)
    const url = await page(named)
    expect((await citizen.open(url)).body).toContain('136****5678')
    const answer = await citizen.send(url, { wish: 'stop' })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, url])
    const { body } = await citizen.open(url)
    expect(body).toContain('您已关闭消息')
    expect(body).toContain('恢复接收消息')
    t.clock.forward(1_000)
    await citizen.send(url, { wish: 'resume' })
    expect((await citizen.open(url)).body).toContain('136****5678')
  })

  it('may be by e-mail, also of who gave no name; what is no address is said at the field', async () => {
    const citizen = aCitizen(t)
    const url = await page({ realName: false })
    expect((await citizen.open(url)).body).toContain('您没有留下联系方式')
    const wrong = await citizen.send(url, { wish: 'email', email: 'not-an-address"<' })
    expect(wrong.statusCode).toBe(422)
    expect(wrong.body).toContain('错误：请填写正确的邮箱地址')
    expect(wrong.body).toContain('value="not-an-address&quot;')
    await citizen.send(url, { wish: 'email', email: ' somebody@example.cn ' })
    const { body } = await citizen.open(url)
    expect(body).toContain('会发邮件给您（s***@example.cn）')
    expect(body).not.toContain('somebody')
  })

  it('is no question for who asked not to be contacted', async () => {
    const url = await page({ ...named, doNotContact: true })
    const { body } = await aCitizen(t).open(url)
    expect(body).toContain('不要联系我')
    expect(body).not.toContain('<form')
    expect((await aCitizen(t).send(url, { wish: 'email', email: 'a@b.cn' })).statusCode).toBe(409)
  })

  it('may be by WeChat, as a mini-program says', async () => {
    const { receiptToken } = await rate(t, { level: 1, realName: false })
    const add = (payload: object) =>
      t.server.inject({ method: 'POST', url: `/api/v1/receipts/${receiptToken}/channels`, payload })
    expect((await add({ medium: 'wechat', address: 'oABCDEFGHIJKLMNOP12345678' })).statusCode).toBe(204)
    expect((await add({ medium: 'wechat', address: '张三' })).json()).toMatchObject({ code: 'bad-address' })
    expect((await aCitizen(t).open(`/p/${receiptToken}/contact`)).body).toContain('微信用户')
  })

  it('is nobody else’s: without the link there is nothing', async () => {
    expect((await aCitizen(t).open(`/p/${'A'.repeat(43)}/contact`)).statusCode).toBe(404)
  })
})
