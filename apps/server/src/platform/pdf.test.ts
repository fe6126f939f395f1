import { describe, expect, it } from 'vitest'
import { printPdf } from './pdf.ts'

const order = (content: unknown) => ({
  title: '试印',
  foot: '页脚',
  printedAt: new Date('2026-11-24T10:00:00+08:00'),
  content: content as string,
})

describe('printing', () => {
  it('prints several papers after one another, each whole', async () => {
    const papers = await Promise.all(['一', '二', '三'].map((text) => printPdf(order(text.repeat(3000)))))
    for (const paper of papers) {
      expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
      expect(paper.subarray(-6).toString()).toContain('%%EOF')
    }
  })

  it('tells of a paper that cannot be printed, and prints the next one', async () => {
    await expect(printPdf(order([{ table: { body: 1 } }]))).rejects.toThrow()
    expect((await printPdf(order('好'))).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('opens no file and no address that a document names', async () => {
    await expect(printPdf(order([{ image: '/etc/hostname' }]))).rejects.toThrow()
  })
})
