import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './world.ts'

const SCREENS = join(import.meta.dirname, '../../test-results/screens')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Latin words that belong on a Chinese screen: names of formats, ciphers, keys and values people know by these letters. */
const KNOWN = new Set(
  'QR PC APP SM2 SM3 SM4 HMAC CSV JSON XLSX PDF JPG PNG WebP WAV AMR Word Excel MB KB GB ID Ctrl Enter Esc SHA API OpenAPI RFC Merkle Wilson Cookie true TD'.split(
    ' ',
  ),
)
/** Codes of organisations and accounts, as the directory has them: 220102-rsj, ccs-zsj, jingban-220102-rsj. */
const CODE = /\b(?:\d{6}|ccs|jingban|zhuguan)(?:-[a-z0-9]+)*\b/g
/** The accounts of the demonstration, its password, which the demo page tells, and the name of its business system. */
const ACCOUNTS = /\b(?:demo|shiji|nanguan|fuzeren|jingban|chuangkou|shenji|guanli|shenli|fuhe|haochaping)\b/g
/** Names of files, and the endings alone. */
const FILE = /[\p{L}\w-]*\.?\b(?:png|jpg|jpeg|webp|pdf|docx|xlsx|csv|json|zip)\b/gu
/** Hashes, signatures and keys. */
const DIGEST = /[A-Za-z0-9+/]{40,}={0,2}/g
/** Addresses, and whatever is too mixed with digits to be a word: numbers of cases and receipts. */
const ADDRESS = /https?:\/\/\S+/g
const PATH = /\/[a-z][\w./:{}?=-]*/g
const MIXED = /[\w-]*\d[\w-]*/g

/** Words left in English on a screen. */
export const englishIn = (text: string): string[] =>
  (
    text
      .replace(ADDRESS, ' ')
      .replace(DIGEST, ' ')
      .replace(PATH, ' ')
      .replace(FILE, ' ')
      .replace(CODE, ' ')
      .replace(ACCOUNTS, ' ')
      .replace(MIXED, ' ')
      .match(/[A-Za-z]{2,}/g) ?? []
  ).filter((word) => !KNOWN.has(word))

/** What a program lets slip through when a value is missing. */
const SLIPS = /\b(?:undefined|null|NaN)\b|\[object|Invalid Date/

/** All a person can read on the page, but for codes: what is drawn, and what is read out or shown on hover. */
const wordsOn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const seen = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (parent && !parent.closest('code, .code, script, style, noscript') && parent.checkVisibility())
        seen.push(node.textContent ?? '')
    }
    for (const element of document.querySelectorAll<HTMLElement>('[aria-label],[placeholder],[title],[alt]'))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        seen.push(element.getAttribute(name) ?? '')
    return seen.join('\n')
  })

/** Keeps what the page complains of in its console from now on. */
export function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('console', (message) => {
    // A page that is itself a refusal (a form with errors, a used link) is reported by the browser as one.
    if (message.type() === 'error' && message.location().url !== page.url())
      heard.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => heard.push(`${page.url()}: ${error.message}`))
  return heard
}

/**
 * Looks at a page as a person does: keeps a picture of it, and finds what hangs over its edge, English left over, and
 * values that were missing.
 */
export async function look(page: Page, name: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 0
  // For people to look at: as JPEG it takes a third of the time.
  const picture = { path: join(SCREENS, `${name}-${width}.jpg`), quality: 80, fullPage: true }
  // A busy machine's browser may fail to draw a long page once.
  await page.screenshot(picture).catch(() => page.screenshot(picture))
  const reach = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect.soft(reach, `${name} at ${width} px hangs over its edge`).toBeLessThanOrEqual(0)
  const text = await wordsOn(page)
  expect.soft(englishIn(text), `${name} has English left on it`).toEqual([])
  expect.soft(SLIPS.exec(text)?.[0], `${name} shows a missing value`).toBeUndefined()
}

/**
 * Holds a page to WCAG 2.2 AA as far as a program can. Only what is wrong is written out, in the page itself: no page of
 * ours has a frame, for which the checker would write out everything and put it together in a second page, which takes
 * as long as the checks.
 */
export async function accessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .withTags(RULES)
    .setLegacyMode()
    .analyze()
  const told = violations.flatMap((v) =>
    v.nodes.map(
      (node) => `${v.id}: ${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim()}`,
    ),
  )
  expect.soft(told, `${name} is not accessible`).toEqual([])
}
