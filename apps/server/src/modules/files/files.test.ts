import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, act, evidence, official, PNG } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import { zipOf } from '../../../../../tests/support/zip.ts'
import type { Official } from '../identity/official.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { safeName, sniff } from './files.types.ts'

let t: TestApp
let handler: Official
let browser: Browser
let id: string
beforeAll(async () => {
  t = await testCity()
  handler = await official(t, 'handler-dh')
  browser = await signIn(t, 'handler-dh')
  id = await aCase(t)
})
afterAll(() => t.close())

/** A file as a browser's form sends it. */
function form(content: Buffer, name: string, field = 'file') {
  const boundary = '----haochaping'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return {
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}
const upload = (content: Buffer, name: string, by = browser, to = id) =>
  by.request('POST', `/api/v1/cases/${to}/files`, form(content, name))
const pdf = (text: string) => Buffer.from(`%PDF-1.4\n% ${text}\n%%EOF\n`)
const stored = () => {
  const root = join(t.app.config.dataDir, 'files')
  return readdirSync(root).flatMap((folder) =>
    readdirSync(join(root, folder)).map((f) => join(root, folder, f)),
  )
}

describe('evidence of a case', () => {
  it('R29: a picture is kept with its case and given back whole, as an attachment that no browser interprets', async () => {
    const sent = await upload(PNG, '整改 照片(1).png')
    expect(sent.statusCode).toBe(201)
    const file = sent.json()
    expect(file).toMatchObject({ name: '整改 照片(1).png', mediaType: 'image/png', size: PNG.length })
    const got = await browser.get(`/api/v1/cases/${id}/files/${file.fileId}`)
    expect(got.rawPayload.equals(PNG)).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    expect(got.headers['content-disposition']).toBe(
      `attachment; filename="evidence.png"; filename*=UTF-8''%E6%95%B4%E6%94%B9%20%E7%85%A7%E7%89%87%281%29.png`,
    )
  })

  it('R28: on disk nothing of it can be read, and a changed file is not given out', async () => {
    const secret = pdf('当事人张三的投诉记录')
    const { fileId, digest } = (await upload(secret, '记录.pdf')).json()
    const path = stored().find((p) => p.endsWith(digest))!
    const sealed = readFileSync(path)
    expect(sealed.includes('%PDF') || sealed.includes('张三')).toBe(false)
    expect(stored().filter((p) => p.endsWith('.tmp'))).toEqual([])
    sealed[40]! ^= 1
    writeFileSync(path, sealed)
    const got = await browser.get(`/api/v1/cases/${id}/files/${fileId}`)
    expect(got.statusCode).toBe(500)
    expect(got.body).not.toContain('张三')
    sealed[40]! ^= 1
    writeFileSync(path, sealed)
  })

  it('takes a file by what it is, not by what it is called', async () => {
    const html = await upload(Buffer.from('<html><script>alert(1)</script></html>'), 'photo.png')
    expect([html.statusCode, html.json().code]).toEqual([415, 'file-type'])
    expect(html.json().detail).toContain('JPG、PNG、WebP 图片，PDF、Word（docx）、Excel（xlsx）文件')
    const renamed = await upload(pdf('x'), '../../说明.html')
    expect(renamed.json()).toMatchObject({ name: '说明.pdf', mediaType: 'application/pdf' })
    const gif = await upload(Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'), 'a.gif')
    expect(gif.statusCode).toBe(415)
  })

  it('takes office documents, also those written by other programs, and no other archive', async () => {
    const sheet = await writeXlsx([[{ value: '整改台账' }]]).toBuffer()
    expect(await sniff(sheet)).toMatchObject({ extension: 'xlsx' })
    const zip = (...names: string[]) => zipOf(Object.fromEntries(names.map((name) => [name, '<x/>'])))
    expect(await sniff(zip('docProps/', '[Content_Types].xml', 'word/document.xml'))).toMatchObject({
      extension: 'docx',
    })
    expect(await sniff(zip('[Content_Types].xml', 'word/document.xml', 'word/vbaProject.bin'))).toBeNull()
    expect(await sniff(zip('readme.txt'))).toBeNull()
    expect(await sniff(Buffer.from('PK\x03\x04[Content_Types].xml word/document.xml'))).toBeNull()
    expect(safeName('con<>.tar.gz', 'pdf')).toBe('con.tar.pdf')
    expect(safeName('\u202egnp.exe', 'png')).toBe('gnp.png')
    expect(safeName('', 'png')).toBe('佐证材料.png')
  })

  it('takes no document that unpacks without end, and no picture that is a zip as well', async () => {
    const parts = { '[Content_Types].xml': '<x/>', 'word/document.xml': '<x/>' }
    const bomb = { ...parts, 'word/media/a': Buffer.alloc(20 * 1024 * 1024) }
    expect((await upload(zipOf(bomb), '说明.docx')).json().code).toBe('file-type')
    expect(await sniff(zipOf(parts, 150 * 1024 * 1024))).toBeNull()
    expect((await upload(Buffer.concat([PNG, zipOf(parts)]), '照片.png')).json().code).toBe('file-type')
    expect((await upload(Buffer.concat([pdf('x'), zipOf(parts)]), '说明.pdf')).json().code).toBe('file-type')
  })

  it('Q63: takes the recording of a call-back', async () => {
    const silence = Buffer.alloc(800)
    const head = Buffer.alloc(44)
    head.write('RIFF', 0)
    head.writeUInt32LE(36 + silence.length, 4)
    head.write('WAVEfmt ', 8)
    head.writeUInt32LE(16, 16)
    head.writeUInt16LE(1, 20)
    head.writeUInt16LE(1, 22)
    head.writeUInt32LE(8000, 24)
    head.writeUInt32LE(8000, 28)
    head.writeUInt16LE(1, 32)
    head.writeUInt16LE(8, 34)
    head.write('data', 36)
    head.writeUInt32LE(silence.length, 40)
    const sent = await upload(Buffer.concat([head, silence]), '回访录音.wav')
    expect(sent.json()).toMatchObject({ name: '回访录音.wav', mediaType: 'audio/wav' })
    expect(await sniff(Buffer.from('#!AMR\n\x3c\x00\x00', 'latin1'))).toMatchObject({ extension: 'amr' })
    const ftyp = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0${brand}mp42`, 'latin1')
    expect(await sniff(ftyp('M4A '))).toMatchObject({ mediaType: 'audio/mp4' })
    expect(await sniff(ftyp('isom'))).toMatchObject({ mediaType: 'video/mp4' })
  })

  it('takes up to 10 MB and says so beyond', async () => {
    const large = (bytes: number) => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)])
    expect((await upload(large(6 * 1024 * 1024), 'a.png')).statusCode).toBe(201)
    expect((await upload(large(10 * 1024 * 1024), 'a.png')).statusCode).toBe(201)
    const over = await upload(large(10 * 1024 * 1024 + 1), 'a.png')
    expect([over.statusCode, over.json().code]).toEqual([413, 'file-too-large'])
    expect(over.json().detail).toContain('10 MB')
    expect((await upload(Buffer.alloc(0), 'a.png')).json().code).toBe('file-empty')
    const none = await browser.post(`/api/v1/cases/${id}/files`, {})
    expect([none.statusCode, none.json().code]).toEqual([422, 'file-missing'])
  })

  it('a form that breaks off, or carries more than a file, is refused for what it is', async () => {
    const { headers, payload } = form(PNG, 'a.png')
    const send = (content: Buffer) =>
      browser.request('POST', `/api/v1/cases/${id}/files`, { payload: content, headers })
    expect((await send(payload.subarray(0, -30))).statusCode).toBe(400)
    const field = `------haochaping\r\ncontent-disposition: form-data; name="a"\r\n\r\n${'x'.repeat(10_000)}\r\n`
    const many = Buffer.concat([Buffer.from(field.repeat(20)), payload])
    const refused = await send(many)
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'too-large'])
  })

  it('R14: the other district can neither add nor read', async () => {
    const other = await signIn(t, 'handler-xl')
    expect((await upload(PNG, 'a.png', other)).statusCode).toBe(404)
    const { fileId } = (await upload(PNG, 'a.png')).json()
    expect((await other.get(`/api/v1/cases/${id}/files/${fileId}`)).statusCode).toBe(404)
    const auditor = await signIn(t, 'auditor-dh')
    expect((await upload(PNG, 'a.png', auditor)).statusCode).toBe(403)
    expect((await auditor.get(`/api/v1/cases/${id}/files/${fileId}`)).statusCode).toBe(200)
  })

  it('R29: evidence of another case proves nothing here', async () => {
    const other = await aCase(t)
    const foreign = await evidence(t, handler, other)
    const own = await aCase(t)
    await act(t, handler, own, 'sign', { verifier: handler.accountId })
    await act(t, handler, own, 'fix_now', { finding: '已查' })
    const mine = await evidence(t, handler, own)
    await expect(
      act(t, handler, own, 'complete', { done: '已改', evidence: [mine, foreign] }),
    ).rejects.toMatchObject({
      status: 422,
      errors: [{ field: 'evidence', message: expect.stringContaining('不属于这个差评件') }],
    })
    const path = `/api/v1/cases/${own}/files/${foreign}`
    expect((await browser.get(path)).json()).toMatchObject({ code: 'file-unknown' })
    const done = await act(t, handler, own, 'complete', { done: '已改', evidence: [mine] })
    expect(done.timeline.at(-1)?.files.map((file) => file.fileId)).toEqual([mine])
  })

  it('R24: evidence that was exchanged or deleted after it was named is found', async () => {
    const own = await aCase(t)
    await act(t, handler, own, 'sign', { verifier: handler.accountId })
    await act(t, handler, own, 'fix_now', { finding: '已查' })
    const file = await evidence(t, handler, own)
    await act(t, handler, own, 'complete', { done: '已改', evidence: [file] })
    await t.settle()
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toEqual([])
    const { rows } = await t.asOwner('select * from evidence_file where file_id = $1', [file])
    await t.asOwner('update evidence_file set digest = $2 where file_id = $1', [file, 'a'.repeat(64)])
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toMatchObject([
      { where: `evidence ${file} of ${own}`, what: expect.stringContaining('digest') },
    ])
    await t.asOwner('update evidence_file set digest = $2 where file_id = $1', [file, rows[0].digest])
    await t.asOwner('update evidence_file set evaluation_id = $2 where file_id = $1', [file, id])
    expect((await verifyLedger(t.app, t.services.rowChecks)).findings).toMatchObject([
      { what: 'is in the journal but its row was deleted' },
    ])
  })

  it('a closed case takes no more evidence', async () => {
    const own = await aCase(t)
    await act(t, handler, own, 'sign', { verifier: handler.accountId })
    await act(t, handler, own, 'explain', { finding: '已查', legalBasis: '规定' })
    await act(t, handler, own, 'explained', { explanation: '说明' })
    await act(t, handler, own, 'reply', { reply: '说明如下。' })
    await t.services.rectification.answerSurvey(own, { answer: 'satisfied' })
    const refused = await upload(PNG, 'a.png', browser, own)
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'case-closed'])
  })
})
