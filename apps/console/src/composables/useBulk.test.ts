import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answer,
  type Gateway,
  hangUp,
  type Received,
  startGateway,
} from '../../../../tests/support/gateway.ts'
import { type BulkRow, useBulk } from './useBulk.ts'

// Stands for the server: it answers as the interface says that many at once are answered.
let server: Gateway
beforeAll(async () => {
  server = await startGateway()
})
afterAll(() => server.close())

const rowsOf = (count: number): BulkRow[] =>
  Array.from({ length: count }, (_, i) => ({ id: `case-${i}`, version: i + 1 }))
const sent = ({ body }: Received) => JSON.parse(body) as { event: string; items: BulkRow[]; values?: object }
const bulk = () => useBulk(`${server.url}/bulk`)
const problem = (detail: string, errors: { field: string; message: string }[] = []) => ({ detail, errors })
/** From now on answers with what is made of those sent. */
function answering(items: (sent: BulkRow[]) => object[]): void {
  server.received.length = 0
  server.answer((reply, one) => answer(200, { items: items(sent(one).items) })(reply, one))
}
/** Answers each of those sent, as done unless said otherwise. */
const each = (said: (row: BulkRow) => object) =>
  answering((rows) => rows.map((row) => ({ id: row.id, ok: true, ...said(row) })))

describe('one event for many', () => {
  it('goes out ten at a time, each with the version that was on the screen and the same values', async () => {
    each(() => ({}))
    const one = bulk()
    await one.run('sign', rowsOf(23), { values: { verifier: 'x' } })
    expect(server.received.map((one) => sent(one).items.length)).toEqual([10, 10, 3])
    expect(sent(server.received[0]!)).toMatchObject({ event: 'sign', values: { verifier: 'x' } })
    expect(server.received.flatMap((one) => sent(one).items)).toEqual(rowsOf(23))
    expect(one).toMatchObject({ busy: false, total: 23, refused: [], errors: {}, problem: null })
    expect(one.done).toEqual(rowsOf(23))
  })

  it('what is refused for one holds up no other, and is told with its reason', async () => {
    each(({ id }) => (id === 'case-3' ? { ok: false, problem: problem('刚刚有了变化。') } : {}))
    const one = bulk()
    await one.run('sign', rowsOf(12))
    expect(one.done).toHaveLength(11)
    expect(one.refused).toEqual([{ row: { id: 'case-3', version: 4 }, reason: '刚刚有了变化。' }])
  })

  it('what was not answered for is not taken for done', async () => {
    answering((rows) => rows.slice(1).map(({ id }) => ({ id, ok: true })))
    const one = bulk()
    await one.run('sign', rowsOf(3))
    expect(one.done.map(({ id }) => id)).toEqual(['case-1', 'case-2'])
    expect(one.refused).toMatchObject([
      { row: { id: 'case-0' }, reason: expect.stringContaining('不知道有没有办成') },
    ])
  })

  it('what is wrong with a field for all is said at the field, once, and nothing further is sent', async () => {
    const wrong = [{ field: 'note', message: '请填写说明' }]
    each(() => ({ ok: false, problem: problem('请检查。', wrong) }))
    const one = bulk()
    await one.run('propose_transfer', rowsOf(23))
    expect(server.received).toHaveLength(1)
    expect(one).toMatchObject({ errors: { note: '请填写说明' }, refused: [], done: [] })
  })

  it('but once something was done, each refusal stands with its case', async () => {
    const wrong = [{ field: 'note', message: '请填写说明' }]
    each(({ version }) => (version > 10 ? { ok: false, problem: problem('请检查。', wrong) } : {}))
    const one = bulk()
    await one.run('propose_transfer', rowsOf(12))
    expect(one.errors).toEqual({})
    expect(one.refused.map(({ row }) => row.id)).toEqual(['case-10', 'case-11'])
  })

  it('the whole refused is told beside the form, and no case is listed', async () => {
    server.answer(answer(403, { code: 'not-allowed', detail: '您没有这个权限。' }))
    const one = bulk()
    await one.run('sign', rowsOf(3))
    expect(one).toMatchObject({ problem: { code: 'not-allowed' }, refused: [], done: [] })
  })

  it('a connection that breaks says of none that it was done, nor that it was not', async () => {
    server.received.length = 0
    server.answer(hangUp)
    const one = bulk()
    await one.run('sign', rowsOf(12))
    expect(server.received).toHaveLength(1)
    expect(one.done).toEqual([])
    expect(one.refused).toHaveLength(12)
    expect(one.refused[0]!.reason).toContain('不知道有没有办成')
    expect(one.busy).toBe(false)
  })

  it('stopped, ends with those under way; the others are told as not done', async () => {
    const one = bulk()
    each(() => {
      one.stop()
      return {}
    })
    await one.run('sign', rowsOf(15))
    expect(one.done).toHaveLength(10)
    expect(one.refused).toHaveLength(5)
    expect(one.refused[0]!.reason).toContain('还没有办到')
  })

  it('begins anew the next time, and only once however often the button is pressed', async () => {
    each(() => ({ ok: false, problem: problem('不行。') }))
    const one = bulk()
    await Promise.all([one.run('sign', rowsOf(2)), one.run('sign', rowsOf(2))])
    expect(server.received).toHaveLength(1)
    each(() => ({}))
    await one.run('sign', rowsOf(1))
    expect(one).toMatchObject({ total: 1, refused: [] })
    expect(one.done).toHaveLength(1)
  })
})
