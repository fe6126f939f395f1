import {
  encodeEntry,
  fromBase64,
  leafHash,
  parseCheckpoint,
  sm2VerifySignature,
  sm3,
  verifyConsistency,
  verifyInclusion,
} from '@haochaping/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { rate } from '../../../../../tests/support/rating.ts'

let t: TestApp
beforeAll(async () => {
  t = await testCity()
})
afterAll(() => t.close())

const get = (url: string) => t.server.inject({ method: 'GET', url })

/** Checks a proof as anybody could, from the bytes it holds and nothing else; says whether it holds. */
function holds(given: ReturnType<typeof JSON.parse>): boolean {
  const leaf = leafHash(sm3, encodeEntry({ ...given.entry, recordedAt: BigInt(given.entry.recordedAt) }))
  const { size, root } = parseCheckpoint(given.checkpoint.body)
  const message = new TextEncoder().encode(given.checkpoint.body)
  return (
    verifyInclusion(sm3, given.proof.map(fromBase64), given.position, size, leaf, root) &&
    sm2VerifySignature(given.checkpoint.publicKey, message, fromBase64(given.checkpoint.signature))
  )
}

describe('the receipt', () => {
  it('shows its holder what was said, and nobody else anything', async () => {
    const { receiptToken, receiptNumber } = await rate(t, {
      level: 1,
      hallLevel: 4,
      optionCodes: ['115', '406'],
      words: '窗口没有人',
    })
    const view = await t.services.evaluations.receiptView(receiptToken)
    expect(view).toMatchObject({
      receiptNumber,
      level: 1,
      hallLevel: 4,
      words: '窗口没有人',
      negative: true,
      itemName: '身份证补领',
      organizationName: '东湖区公安局',
    })
    expect(view.options).toEqual([
      { code: '115', label: '服务态度差效率低' },
      { code: '406', label: '填写一张表单就可完成申报' },
    ])
    for (const wrong of ['', 'x', receiptToken.slice(1), `${receiptToken.slice(0, -1)}A`, receiptNumber])
      if (wrong !== receiptToken)
        await expect(t.services.evaluations.receiptView(wrong)).rejects.toMatchObject({ status: 404 })
  })

  it('lasts: it opens a year later as on the first day', async () => {
    const { receiptToken } = await rate(t)
    t.clock.forward(365 * 86_400_000)
    expect((await t.services.evaluations.receiptView(receiptToken)).level).toBe(4)
    t.clock.forward(-365 * 86_400_000)
  })

  it('says that the proof is not there yet, then gives one that verifies against the signed checkpoint', async () => {
    const { receiptToken, receiptNumber } = await rate(t, { level: 2 })
    const url = `/api/v1/receipts/${receiptToken}/proof`
    const before = await get(url)
    expect(before.statusCode).toBe(202)
    expect(before.json()).toEqual({ sealed: false })
    await t.settle()
    const sealed = await get(url)
    expect(sealed.statusCode).toBe(200)
    expect(sealed.headers['cache-control']).toBe('no-store')
    const proof = sealed.json()
    expect(proof.entry).toMatchObject({ kind: 'evaluation.submitted', payload: { receiptNumber, level: 2 } })
    expect(holds(proof)).toBe(true)
    expect((await t.services.evaluations.receiptView(receiptToken)).position).toBe(proof.position)
  })

  it('proves nothing once a single thing in it is changed', async () => {
    const { receiptToken } = await rate(t, { level: 1 })
    await t.settle()
    const proof = (await get(`/api/v1/receipts/${receiptToken}/proof`)).json()
    const { entry, checkpoint } = proof
    expect(holds({ ...proof, entry: { ...entry, payload: { ...entry.payload, level: 5 } } })).toBe(false)
    expect(holds({ ...proof, entry: { ...entry, actor: 'system' } })).toBe(false)
    expect(holds({ ...proof, position: proof.position - 1 })).toBe(false)
    const size = parseCheckpoint(checkpoint.body).size
    const body = checkpoint.body.replace(`\n${size}\n`, `\n${size + 1}\n`)
    expect(holds({ ...proof, checkpoint: { ...checkpoint, body } })).toBe(false)
  })

  it('goes on proving as the log grows, and the log shows that it only grew', async () => {
    const { receiptToken } = await rate(t)
    await t.settle()
    const url = `/api/v1/receipts/${receiptToken}/proof`
    const early = (await get(url)).json()
    for (let i = 0; i < 5; i++) await rate(t)
    await t.settle()
    const late = (await get(url)).json()
    expect(holds(late)).toBe(true)
    expect(late.position).toBe(early.position)
    const [a, b] = [parseCheckpoint(early.checkpoint.body), parseCheckpoint(late.checkpoint.body)]
    const { proof } = (await get(`/api/v1/ledger/consistency?from=${a.size}&to=${b.size}`)).json()
    expect(verifyConsistency(sm3, proof.map(fromBase64), a.size, b.size, a.root, b.root)).toBe(true)
  })

  it('holds no person and no words in the proof that its holder may pass on', async () => {
    const { receiptToken } = await rate(t, { realName: true, words: '请打 13812345678' })
    await t.settle()
    const { body } = await get(`/api/v1/receipts/${receiptToken}/proof`)
    for (const secret of ['赵小兰', '13812345678', '990101199003072344', '请打'])
      expect(body).not.toContain(secret)
    expect(JSON.parse(body).entry.payload).toMatchObject({
      textCommitment: expect.stringMatching(/^[0-9a-f]{64}$/),
      personalCommitment: null,
    })
  })

  it('of an unknown link is not found', async () => {
    expect((await get(`/api/v1/receipts/${'A'.repeat(43)}/proof`)).statusCode).toBe(404)
  })
})
