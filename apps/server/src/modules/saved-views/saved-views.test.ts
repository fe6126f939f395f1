import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'

let t: TestApp
let one: Browser
let other: Browser
beforeAll(async () => {
  t = await testCity()
  one = await signIn(t, 'handler-dh')
  other = await signIn(t, 'handler-xl')
})
afterAll(() => t.close())

const URL = '/api/v1/saved-views'
const save = (by: Browser, name: string, query = 'due=overdue', screen = 'cases') => {
  t.clock.forward(1000)
  return by.post(URL, { screen, name, query })
}
const names = async (by: Browser, screen = 'cases') =>
  (await by.get(`${URL}?screen=${screen}`)).json().items.map((view: { name: string }) => view.name)

it('keeps the filters of a screen under a name, for their owner alone', async () => {
  const kept = await save(one, ' 今天到期 ', 'due=today&level=1,2')
  expect(kept.statusCode).toBe(201)
  expect(kept.json()).toMatchObject({ name: '今天到期', query: 'due=today&level=1,2' })
  await save(one, '大厅', 'hall=DH', 'evaluations')
  expect(await names(one)).toEqual(['今天到期'])
  expect(await names(one, 'evaluations')).toEqual(['大厅'])
  expect(await names(other)).toEqual([])
  expect((await other.request('DELETE', `${URL}/${kept.json().id}`)).statusCode).toBe(404)
  expect(await names(one)).toEqual(['今天到期'])
})

it('gives a view of the same name its new filters, in the same place', async () => {
  await save(one, '甲', 'due=soon')
  await save(one, '乙', 'mine=true')
  await save(one, '甲', 'due=overdue')
  const { items } = (await one.get(`${URL}?screen=cases`)).json()
  expect(items.slice(-2)).toMatchObject([
    { name: '甲', query: 'due=overdue' },
    { name: '乙', query: 'mine=true' },
  ])
})

it('removes a view, and says so when it is gone', async () => {
  const { id } = (await save(other, '一次')).json()
  expect((await other.request('DELETE', `${URL}/${id}`)).statusCode).toBe(204)
  expect(await names(other)).toEqual([])
  expect((await other.request('DELETE', `${URL}/${id}`)).statusCode).toBe(404)
  expect((await other.request('DELETE', `${URL}/${randomUUID()}`)).statusCode).toBe(404)
})

it('refuses what is no name, what is no filter, and the twenty-first', async () => {
  expect((await save(other, '   ')).json()).toMatchObject({ code: 'invalid', field: 'name' })
  expect((await save(other, '甲'.repeat(21))).statusCode).toBe(422)
  expect((await save(other, '外站', 'javascript:alert(1)//')).json()).toMatchObject({ field: 'query' })
  for (let i = 1; i <= 20; i++) expect((await save(other, `第 ${i} 个`)).statusCode).toBe(201)
  expect((await save(other, '第 21 个')).json()).toMatchObject({ code: 'too-many-views' })
  expect((await save(other, '第 20 个', 'due=soon')).statusCode).toBe(201)
})
