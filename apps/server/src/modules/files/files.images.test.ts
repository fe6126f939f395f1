import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../../tests/support/app.ts'
import { aCase, evidence, official } from '../../../../../tests/support/cases.ts'
import { testCity } from '../../../../../tests/support/longming.ts'
import { type Browser, signIn } from '../../../../../tests/support/sign-in.ts'
import type { Official } from '../identity/official.ts'
import { checkImage } from './files.images.ts'

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

/** A photograph as a telephone takes it: on its side, with the place it was taken at. */
const photograph = (width = 1200, height = 800) =>
  sharp({ create: { width, height, channels: 3, background: '#28a' } })
    .jpeg()
    .withExif({
      IFD0: { Make: '长春牌', Orientation: '6' },
      IFD3: { GPSLatitude: '43/1 53/1 0/1', GPSLatitudeRef: 'N' },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer()
const preview = (fileId: string, size: string, by = browser) =>
  by.get(`/api/v1/cases/${id}/files/${fileId}/preview?size=${size}`)

describe('previews of pictures', () => {
  it('R28: are small, upright, and without the place and device that the camera wrote down', async () => {
    const original = await photograph()
    expect((await sharp(original).metadata()).exif).toBeDefined()
    const fileId = await evidence(t, handler, id, original)
    const small = await preview(fileId, 'small')
    expect([small.statusCode, small.headers['content-type']]).toEqual([200, 'image/webp'])
    expect(small.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    const found = await sharp(small.rawPayload).metadata()
    expect([found.width, found.height, found.exif, found.xmp]).toEqual([213, 320, undefined, undefined])
    const large = await sharp((await preview(fileId, 'large')).rawPayload).metadata()
    expect([large.width, large.height]).toEqual([800, 1200])
    // Made once: the second time it comes from the storage.
    expect((await preview(fileId, 'small')).rawPayload.equals(small.rawPayload)).toBe(true)
  })

  it('R14: are seen by whoever may see the file, and by nobody else', async () => {
    const fileId = await evidence(t, handler, id, await photograph(10, 10))
    expect((await preview(fileId, 'small', await signIn(t, 'auditor-dh'))).statusCode).toBe(200)
    expect((await preview(fileId, 'small', await signIn(t, 'handler-xl'))).statusCode).toBe(404)
  })

  it('there are none of what is no picture, and of no other size', async () => {
    const fileId = await evidence(t, handler, id, Buffer.from('%PDF-1.4\n%%EOF\n'))
    const none = await preview(fileId, 'small')
    expect([none.statusCode, none.json().code]).toEqual([404, 'preview-none'])
    expect((await preview(fileId, 'huge')).statusCode).toBe(422)
  })

  it('refuses a picture of more pixels than a camera makes, and one that is none, before keeping it', async () => {
    const bomb = Buffer.from((await photograph(8, 8)).toString('latin1'), 'latin1')
    // The frame's head says how large it is: 60 000 by 60 000 in a few hundred bytes.
    const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]))
    bomb.writeUInt16BE(60_000, frame + 5)
    bomb.writeUInt16BE(60_000, frame + 7)
    await expect(checkImage(bomb)).rejects.toMatchObject({ code: 'image-too-large' })
    await expect(evidence(t, handler, id, bomb)).rejects.toMatchObject({
      status: 422,
      code: 'image-too-large',
    })
    const broken = (await photograph(8, 8)).subarray(0, 40)
    await expect(evidence(t, handler, id, broken)).rejects.toMatchObject({ status: 422, code: 'file-broken' })
  })

  it('a picture that breaks off within is kept as evidence, and has no preview', async () => {
    const whole = await photograph(2000, 2000)
    const fileId = await evidence(t, handler, id, whole.subarray(0, whole.length / 2))
    expect((await preview(fileId, 'small')).json().code).toBe('preview-none')
  })
})
