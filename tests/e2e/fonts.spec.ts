import { expect, test } from './world.ts'

test('the browser draws Chinese characters, not boxes', async ({ page }) => {
  await page.setContent('<canvas width="40" height="40"></canvas>')
  const drawn = await page.evaluate(() => {
    const canvas = document.querySelector('canvas')!
    const pen = canvas.getContext('2d')!
    return ['好', '差', '评', '\u{10FFFD}'].map((character) => {
      pen.clearRect(0, 0, 40, 40)
      pen.font = '32px "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'
      pen.fillText(character, 2, 32)
      return canvas.toDataURL()
    })
  })
  // A character without a glyph is drawn as the same box as every other one.
  expect(new Set(drawn).size).toBe(4)
})
