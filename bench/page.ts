import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { findBrowser } from '../tests/e2e/browser.ts'

/** One file of the page. */
export interface PagePart {
  kind: 'HTML' | 'CSS' | 'script'
  path: string
  plainBytes: number
  wireBytes: number
  encoding: string
}

/** The weight of the citizen page and how long a slow phone waits for its form. */
export interface PageMeasured {
  parts: PagePart[]
  plainBytes: number
  wireBytes: number
  scriptGzip: number
  /** milliseconds from the start of navigation until the first level can be seen: each try, at each delay */
  visible: { delay: number; tries: number[] }[]
}

/** 400 kbit/s both ways. */
const SLOW = { offline: false, downloadThroughput: 50_000, uploadThroughput: 50_000 }
/** Milliseconds that every request is late by: not at all, as the aim has it, and as a poor mobile line does it. */
const DELAYS = [0, 100]
const TRIES = 5

/** Fetches the page and what it links to, then opens it in a real browser slowed down. */
export async function measurePage(origin: string, path: string): Promise<PageMeasured> {
  const html = await part(origin, path, 'HTML')
  const links = [...html.text.matchAll(/<(?:link rel="stylesheet" href|script src)="([^"]+)"/g)]
  const parts = [html]
  for (const [tag, href] of links)
    parts.push(await part(origin, href!, tag.startsWith('<link') ? 'CSS' : 'script'))
  const visible: PageMeasured['visible'] = []
  for (const delay of DELAYS) {
    const tries: number[] = []
    for (let i = 0; i < TRIES; i++) tries.push(await timeToForm(`${origin}${path}`, delay))
    visible.push({ delay, tries })
  }
  const sum = (of: (p: PagePart) => number) => parts.reduce((total, p) => total + of(p), 0)
  return {
    parts: parts.map(({ text: _text, ...shown }) => shown),
    plainBytes: sum((p) => p.plainBytes),
    wireBytes: sum((p) => p.wireBytes),
    scriptGzip: parts
      .filter((p) => p.kind === 'script')
      .reduce((total, p) => total + gzipSync(p.text).length, 0),
    visible,
  }
}

/** One file as a browser asks for it: how many bytes cross the wire, headers among them. */
function part(origin: string, path: string, kind: PagePart['kind']): Promise<PagePart & { text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip, deflate, br', accept: kind === 'HTML' ? 'text/html' : '*/*' }
    // Its own connection, so that its bytes are its own.
    const sent = request(new URL(path, origin), { headers, agent: false }, (answer) => {
      const { socket } = answer
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(`${path} answered ${answer.statusCode}`))
        const body = Buffer.concat(chunks)
        const encoding = String(answer.headers['content-encoding'] ?? 'uncompressed')
        const plain =
          encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
        const wireBytes = socket.bytesRead
        resolve({ kind, path, encoding, wireBytes, plainBytes: plain.length, text: plain.toString('utf8') })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

/**
 * Milliseconds until the first level of satisfaction stands on a phone's screen. A frame callback runs only once the
 * browser is ready to draw, so neither bytes that came nor a tree that was built count, but what can be seen.
 */
async function timeToForm(url: string, latency: number): Promise<number> {
  const { executablePath, args, env } = findBrowser()
  const browser = await chromium.launch({ executablePath, args, env })
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, isMobile: true })
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', { ...SLOW, latency })
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
    await page.addInitScript(() => {
      const look = () => {
        const level = document.querySelector('form[data-rate] label.level')
        const painted = performance.getEntriesByName('first-contentful-paint').length > 0
        if (painted && level && level.getBoundingClientRect().height > 0)
          document.documentElement.dataset.formVisible = String(performance.now())
        else requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    })
    await page.goto(url, { waitUntil: 'load' })
    const shown = page.locator('html[data-form-visible]')
    await shown.waitFor({ state: 'attached', timeout: 30_000 })
    return Number(await shown.getAttribute('data-form-visible'))
  } finally {
    await browser.close()
  }
}
