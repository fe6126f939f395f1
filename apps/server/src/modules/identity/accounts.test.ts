import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { DONGHU, OFFICIALS, PASSWORD, testCity, XILING } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'

let t: TestApp
let admin: Browser
let local: Browser
beforeAll(async () => {
  t = await testCity()
  admin = await signIn(t, 'city-admin')
  local = await signIn(t, 'admin-dh')
})
afterAll(() => t.close())

const INITIAL = 'Initial-Pass-2026'
let count = 0
const anAccount = (over: object = {}) => ({
  username: `new-${++count}`,
  displayName: '新来的',
  role: 'handler',
  organizationId: DONGHU.department,
  password: INITIAL,
  ...over,
})
const accountIdOf = async (username: string) =>
  (await t.asOwner('select account_id from account where username = $1', [username])).rows[0].account_id
const alive = async (browser: Browser) => (await browser.get('/api/v1/session')).statusCode === 200
const change = (id: string, fields: object, by = admin) =>
  by.request('PATCH', `/api/v1/accounts/${id}`, { payload: fields })

describe('a new account', () => {
  it('may do nothing before its first password is changed', async () => {
    const account = anAccount()
    expect((await admin.post('/api/v1/accounts', account)).statusCode).toBe(201)
    const first = await signIn(t, account.username, INITIAL)
    expect(first.official.mustChangePassword).toBe(true)
    const refused = await first.get('/api/v1/evaluations')
    expect(refused.statusCode).toBe(403)
    expect(refused.json()).toMatchObject({ code: 'must-change-password' })
    const changed = await first.post('/api/v1/session/password', {
      current: INITIAL,
      next: 'My-Own-Pass-2026',
    })
    expect(changed.statusCode).toBe(204)
    expect(await alive(first)).toBe(false)
    const second = await signIn(t, account.username, 'My-Own-Pass-2026')
    expect(second.official.mustChangePassword).toBe(false)
    expect((await second.get('/api/v1/evaluations')).statusCode).toBe(200)
  })

  it.each([
    ['a role that does not exist', { role: 'king' }, 400, 'unknown-role'],
    ['a role by the name of something else', { role: 'toString' }, 400, 'unknown-role'],
    ['an organisation that does not exist', { organizationId: 'nix' }, 400, 'unknown-organization'],
    ['window staff without a number', { role: 'window_staff' }, 400, 'staff-number-missing'],
    [
      'a staff number that does not exist',
      { role: 'window_staff', staffNumber: 'nix' },
      400,
      'unknown-staff',
    ],
    ['the city’s authority in a district', { role: 'city_authority' }, 400, 'role-place'],
    ['a password too short', { password: 'Short-1' }, 400, 'weak-password'],
    ['a password of letters only', { password: 'onlylettersinhere' }, 400, 'weak-password'],
    ['a name that is taken', { username: 'city' }, 409, 'username-taken'],
    ['a name with capitals', { username: 'Boss' }, 422, 'invalid'],
    ['a way around the first change', { demo: true }, 422, 'invalid'],
  ])('%s is refused', async (_what, wrong, status, code) => {
    const answer = await admin.post('/api/v1/accounts', anAccount(wrong))
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(answer.body).not.toContain(INITIAL)
  })

  it('stands in the journal with its role and place, without its name', async () => {
    const account = anAccount()
    const { accountId } = (await admin.post('/api/v1/accounts', account)).json()
    const { rows } = await t.asOwner(
      `select actor, payload from journal_entry where kind = 'account.created' and payload->>'accountId' = $1`,
      [accountId],
    )
    expect(rows).toEqual([
      {
        actor: `account:${admin.official.accountId}`,
        payload: { accountId, role: 'handler', organizationId: DONGHU.department },
      },
    ])
  })
})

describe('changing one’s password', () => {
  const tryChange = async (fields: object) =>
    (await (await signIn(t, 'head-dh')).post('/api/v1/session/password', fields)).json()

  it('needs the current one, and a new one that is another and strong enough', async () => {
    expect(await tryChange({ current: 'Wrong-Pass-2026', next: 'My-Own-Pass-2026' })).toMatchObject({
      code: 'wrong-password',
      field: 'current',
    })
    expect(await tryChange({ current: PASSWORD, next: 'weak' })).toMatchObject({ code: 'weak-password' })
    expect(await tryChange({ current: PASSWORD, next: PASSWORD })).toMatchObject({ code: 'same-password' })
  })

  it('ends every session of the account, everywhere', async () => {
    const [here, there] = [await signIn(t, 'auditor-dh'), await signIn(t, 'auditor-dh')]
    const other = await signIn(t, 'auditor-xl')
    await here.post('/api/v1/session/password', { current: PASSWORD, next: 'My-Own-Pass-2026' })
    expect([await alive(here), await alive(there), await alive(other)]).toEqual([false, false, true])
    await expect(signIn(t, 'auditor-dh')).rejects.toThrow(/sign-in-failed/)
  })
})

describe('an administrator', () => {
  it('switches an account off: its sessions end and it does not come in again', async () => {
    const browser = await signIn(t, 'handler-xl')
    expect((await change(browser.official.accountId, { active: false })).statusCode).toBe(204)
    expect(await alive(browser)).toBe(false)
    await expect(signIn(t, 'handler-xl')).rejects.toThrow(/用户名或密码不对/)
    await change(browser.official.accountId, { active: true })
    await signIn(t, 'handler-xl')
  })

  it('switches off whoever has left, though the staff number they had is gone from the directory', async () => {
    const browser = await signIn(t, 'window-dh')
    await t.asOwner('update staff_member set active = false where number = $1', [DONGHU.staff])
    t.services.catalog.forget()
    expect((await change(browser.official.accountId, { active: false })).statusCode).toBe(204)
    expect(await alive(browser)).toBe(false)
    await t.asOwner('update staff_member set active = true where number = $1', [DONGHU.staff])
    t.services.catalog.forget()
  })

  it('gives another role: what one may do changes with the next sign-in, and the old session is over', async () => {
    const browser = await signIn(t, 'district-xl')
    await change(browser.official.accountId, { role: 'auditor' })
    expect(await alive(browser)).toBe(false)
    const again = await signIn(t, 'district-xl')
    expect(again.official.permissions).toContain('journal.read')
    expect(again.official.permissions).not.toContain('cases.manage')
  })

  it('resets a password, which must then be changed, and lifts a lock with it', async () => {
    const id = await accountIdOf('window-xl')
    for (let i = 0; i < 5; i++) await signIn(t, 'window-xl', 'Wrong-Pass-2026').catch(() => {})
    await expect(signIn(t, 'window-xl')).rejects.toThrow(/account-locked/)
    await change(id, { password: INITIAL })
    expect((await signIn(t, 'window-xl', INITIAL)).official.mustChangePassword).toBe(true)
  })

  it('cannot shut himself out', async () => {
    expect((await change(admin.official.accountId, { active: false })).json()).toMatchObject({
      code: 'own-account',
    })
  })

  it('sees no case, no rating and no journal: the powers are not held together', async () => {
    for (const url of ['/api/v1/evaluations', '/api/v1/journal'])
      expect((await admin.get(url)).statusCode).toBe(403)
  })

  it('sees no password hash', async () => {
    expect((await admin.get('/api/v1/accounts')).body).not.toContain('argon2')
  })

  it('of a district sees the accounts of the district and no others', async () => {
    const items = (await local.get('/api/v1/accounts')).json().items as { organizationId: string }[]
    expect(items.length).toBeGreaterThan(5)
    expect(items.every((a) => a.organizationId.startsWith(DONGHU.organization))).toBe(true)
    const all = (await admin.get('/api/v1/accounts')).json().items
    expect(all.length).toBeGreaterThanOrEqual(Object.keys(OFFICIALS).length)
  })

  it('of a district neither opens nor changes nor moves an account beyond it', async () => {
    const abroad = await local.post('/api/v1/accounts', anAccount({ organizationId: XILING.department }))
    expect([abroad.statusCode, abroad.json().code]).toEqual([403, 'outside-place'])
    const above = await local.post(
      '/api/v1/accounts',
      anAccount({ role: 'city_authority', organizationId: 'lm' }),
    )
    expect(above.statusCode).toBe(403)
    for (const username of ['city', 'head-xl'])
      expect((await change(await accountIdOf(username), { password: INITIAL }, local)).statusCode).toBe(404)
    const own = await accountIdOf('handler-dh')
    expect((await change(own, { organizationId: XILING.department }, local)).statusCode).toBe(403)
    expect((await change(own, { role: 'city_authority' }, local)).json().code).toBe('role-place')
    expect((await change(own, { displayName: '经办人甲' }, local)).statusCode).toBe(204)
  })

  it('of a district keeps the directory of the district and no other’s', async () => {
    const rename = (key: string) =>
      local.request('PUT', `/api/v1/catalog/items/${key}`, { payload: { version: 1, name: '身份证换领' } })
    expect((await rename(XILING.item)).statusCode).toBe(422)
    expect((await rename(DONGHU.item)).statusCode).toBe(200)
  })
})
