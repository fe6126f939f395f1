import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, official, PNG } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { type Store, startStore } from '../../../../../tests/support/s3.ts'
import { lengthPrefixed, sealBytes, sm3 } from '../../platform/crypto/sm.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { makeFilesService, type OpenedFile } from './files.service.ts'

const pdf = (text: string) => Buffer.from(`%PDF-1.4\n% ${text}\n%%EOF\n`)
const DAY = 86_400_000
const [SOMEBODY, SOMETHING] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
const digestOf = (content: Buffer) => sm3(content).toString('hex')

async function wholeOf(file: OpenedFile) {
  const chunks = []
  for await (const chunk of await file.content()) chunks.push(chunk)
  return Buffer.concat(chunks)
}
/** A file as an official would be sent it. */
const contentOf = async (t: TestApp, by: Official, id: string, fileId: string) =>
  wholeOf(await t.services.rectification.file(by, id, fileId))
/** A case that was brought to an end with a piece of evidence. */
async function completed(t: TestApp, by: Official, content: Buffer) {
  const id = await aCase(t)
  await act(t, by, id, 'sign', { verifier: by.accountId })
  await act(t, by, id, 'fix_now', { finding: '已查' })
  const fileId = await evidence(t, by, id, content)
  await act(t, by, id, 'complete', { done: '已改', evidence: [fileId] })
  await t.settle()
  return { id, fileId }
}
const verified = async (t: TestApp) =>
  (await verifyLedger(t.app, [...t.services.rowChecks, ...t.services.contentChecks])).findings

describe('files on the disk', () => {
  let t: TestApp
  let handler: Official
  beforeAll(async () => {
    t = await testCity()
    handler = await official(t, 'handler-dh')
  })
  afterAll(() => t.close())

  const pathOf = (digest: string) => join(t.app.config.dataDir, 'files', digest.slice(0, 2), digest)
  /** As if it had been stored so long ago. */
  const age = (path: string, milliseconds: number) => {
    const at = new Date(t.clock.now.getTime() - milliseconds)
    utimesSync(path, at, at)
  }
  const sweep = async () => {
    // A sweep comes every six hours of the program's life: a new program sweeps at once.
    for (const chore of makeFilesService(t.app).chores) await chore.run()
  }

  it('the same content is stored once, whoever sent it', async () => {
    const [one, two] = [await aCase(t), await aCase(t)]
    const content = pdf('同一份')
    const ids = [await evidence(t, handler, one, content), await evidence(t, handler, two, content)]
    expect(
      readdirSync(dirname(pathOf(digestOf(content)))).filter((name) => name === digestOf(content)),
    ).toEqual([digestOf(content)])
    expect((await contentOf(t, handler, one, ids[0]!)).equals(content)).toBe(true)
    expect((await contentOf(t, handler, two, ids[1]!)).equals(content)).toBe(true)
  })

  it('files of the first version are read as before, and sealed anew under a key of their own when asked', async () => {
    const content = pdf('旧版封存的文件')
    const digest = digestOf(content)
    const { id, fileId } = await completed(t, handler, content)
    const former = sealBytes(
      t.app.keys.derive('evidence-files'),
      content,
      lengthPrefixed('evidence-file', digest),
    )
    writeFileSync(pathOf(digest), former)
    expect((await contentOf(t, handler, id, fileId)).equals(content)).toBe(true)
    expect(await t.services.files.reseal(() => {})).toBe(1)
    expect(readFileSync(pathOf(digest))[0]).toBe(2)
    expect((await contentOf(t, handler, id, fileId)).equals(content)).toBe(true)
    expect(await t.services.files.reseal(() => {})).toBe(0)
  })

  it('after a new key everything opens, is sealed anew, and then opens without the old one', async () => {
    const { id, fileId } = await completed(t, handler, pdf('换密钥之前'))
    const picture = await evidence(t, handler, id)
    await (await t.services.rectification.file(handler, id, picture)).preview('small')
    const { keyring } = t.app.keys
    const keks = new Map([...keyring.keks, ['kek-2', Buffer.alloc(32, 2)]])
    const withKeys = (ring: typeof keyring) => ({ ...t.app, keys: { ...t.app.keys, keyring: ring } })
    const rotated = makeFilesService(withKeys({ ...keyring, keks, currentKekId: 'kek-2' }))
    expect((await wholeOf(await rotated.open(handler, id, fileId, 'case'))).equals(pdf('换密钥之前'))).toBe(
      true,
    )
    expect(await rotated.reseal(() => {})).toBeGreaterThan(0)
    const alone = withKeys({
      ...keyring,
      keks: new Map([['kek-2', Buffer.alloc(32, 2)]]),
      currentKekId: 'kek-2',
    })
    const after = await makeFilesService(alone).open(handler, id, fileId, 'case')
    expect((await wholeOf(after)).equals(pdf('换密钥之前'))).toBe(true)
    const shown = await (await makeFilesService(alone).open(handler, id, picture, 'case')).preview('small')
    expect(shown.subarray(8, 12).toString()).toBe('WEBP')
    expect(
      await makeFilesService(t.app)
        .reseal(() => {})
        .catch((error: Error) => error.message),
    ).toContain('kek-2')
    await makeFilesService(withKeys({ ...keyring, keks, currentKekId: keyring.currentKekId })).reseal(
      () => {},
    )
  })

  it('R24: `ledger verify --files` opens every file and names the first whose content is not what the journal says', async () => {
    const good = await completed(t, handler, pdf('好的'))
    const bad = await completed(t, handler, pdf('被换掉的'))
    expect(await verified(t)).toEqual([])
    const path = pathOf(digestOf(pdf('被换掉的')))
    const kept = readFileSync(path)
    // The file of another case, put in its place with all that belongs to it.
    writeFileSync(path, readFileSync(pathOf(digestOf(pdf('好的')))))
    expect(await verified(t)).toMatchObject([{ where: `content of evidence ${bad.fileId} of ${bad.id}` }])
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
    writeFileSync(path, kept.subarray(0, -1))
    expect(await verified(t)).toMatchObject([{ what: expect.stringContaining('cut short') }])
    writeFileSync(path, kept)
    expect(await verified(t)).toEqual([])
    expect((await contentOf(t, handler, good.id, good.fileId)).length).toBeGreaterThan(0)
  })

  it('what nobody names is swept after a day, and nothing else', async () => {
    const named = await completed(t, handler, pdf('写进日志的'))
    const keep = (text: string) =>
      t.services.files.keep(SOMETHING, { name: 'a.pdf', content: pdf(text) }, SOMEBODY, 'case')
    const [old, young] = [await keep('昨天的草稿'), await keep('刚上传的')]
    for (const digest of [old.digest, digestOf(pdf('写进日志的'))]) age(pathOf(digest), 2 * DAY)
    const draft = `${pathOf(old.digest)}.x.tmp`
    writeFileSync(draft, 'half')
    age(draft, 2 * DAY)
    await sweep()
    expect([old, young].map(({ digest }) => existsSync(pathOf(digest)))).toEqual([false, true])
    expect(existsSync(draft)).toBe(false)
    expect((await contentOf(t, handler, named.id, named.fileId)).length).toBeGreaterThan(0)
  })

  it('a row is never written for content that was swept in between', async () => {
    const id = await aCase(t)
    const kept = await t.services.files.keep(
      id,
      { name: 'a.pdf', content: pdf('慢') },
      handler.accountId,
      'case',
    )
    age(pathOf(kept.digest), 2 * DAY)
    await sweep()
    await expect(
      t.app.db.system.transaction().execute((tx) => t.services.files.record(tx, kept)),
    ).rejects.toMatchObject({ code: 'file-gone' })
    // Sent once more it is there again, and young.
    const again = await t.services.files.keep(
      id,
      { name: 'a.pdf', content: pdf('慢') },
      handler.accountId,
      'case',
    )
    await t.app.db.system.transaction().execute((tx) => t.services.files.record(tx, again))
    await sweep()
    expect(existsSync(pathOf(kept.digest))).toBe(true)
  })

  it('a file belongs to one room: what an appeal keeps is no evidence of the case', async () => {
    const id = await aCase(t)
    const kept = await t.services.files.keep(
      id,
      { name: 'a.pdf', content: pdf('申诉材料') },
      handler.accountId,
      'appeal',
    )
    await t.app.db.system.transaction().execute((tx) => t.services.files.record(tx, kept))
    await expect(t.services.rectification.file(handler, id, kept.file_id)).rejects.toMatchObject({
      code: 'file-unknown',
    })
    const opened = await t.services.files.open(handler, id, kept.file_id, 'appeal')
    expect(opened).toMatchObject({ name: 'a.pdf', digest: digestOf(pdf('申诉材料')) })
    const named = (purpose: 'case' | 'appeal') =>
      t.app.db.system.transaction().execute((tx) => t.services.files.named(tx, id, [kept.file_id], purpose))
    expect([(await named('case')).length, (await named('appeal')).length]).toEqual([0, 1])
  })
})

describe('files in a bucket', () => {
  let store: Store
  let t: TestApp
  let handler: Official
  beforeAll(async () => {
    store = await startStore()
    t = await testCity(store.env)
    handler = await official(t, 'handler-dh')
  })
  afterAll(async () => {
    await t.close()
    await store.stop()
  })

  it('are kept, given back, previewed and proven just as on the disk, and nothing lies on the disk', async () => {
    const large = Buffer.concat([PNG, Buffer.alloc(3 * 1024 * 1024, 7)])
    const { id, fileId } = await completed(t, handler, large)
    expect((await contentOf(t, handler, id, fileId)).equals(large)).toBe(true)
    const file = await t.services.rectification.file(handler, id, fileId)
    expect((await file.preview('small')).subarray(8, 12).toString()).toBe('WEBP')
    expect(await verified(t)).toEqual([])
    expect(existsSync(join(t.app.config.dataDir, 'files'))).toBe(false)
  })

  it('come over from the data folder whole, and the folder keeps them', async () => {
    const content = pdf('搬家前就有的')
    const digest = digestOf(content)
    const path = join(t.app.config.dataDir, 'files', digest.slice(0, 2), digest)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(
      path,
      sealBytes(t.app.keys.derive('evidence-files'), content, lengthPrefixed('evidence-file', digest)),
    )
    expect(await t.services.files.bring(() => {})).toBe(1)
    expect(await t.services.files.bring(() => {})).toBe(0)
    expect(await t.services.files.inspectContent(digest)).toBeNull()
    expect(existsSync(path)).toBe(true)
  })

  it('that cannot be reached take nothing and say so; nothing is written down', async () => {
    const away = await testApp({ ...store.env, HAOCHAPING_S3_BUCKET: 'http://127.0.0.1:1/evidence' })
    try {
      await expect(
        away.services.files.keep(SOMETHING, { name: 'a.png', content: PNG }, SOMEBODY, 'case'),
      ).rejects.toMatchObject({ status: 503, code: 'storage-unavailable' })
    } finally {
      await away.close()
    }
  })
})
