import { describe, expect, it } from 'vitest'
import { pagesByKey } from './pages.ts'

describe('rows page by page', () => {
  it.each([0, 1, 3, 4, 7])('%i rows come each once, in their order', async (count) => {
    const rows = Array.from({ length: count }, (_, i) => i + 1)
    const read = async (after: number) => rows.filter((row) => row > after).slice(0, 3)
    const pages: number[][] = []
    for await (const page of pagesByKey(0, read, (row) => row)) pages.push(page)
    expect(pages.flat()).toEqual(rows)
    expect(pages.every((page) => page.length > 0)).toBe(true)
  })
})
