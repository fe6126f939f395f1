import { describe, expect, it } from 'vitest'
import { endsToday, leftText, type TimeLeft } from './timeLeft.ts'

const time = (more: Partial<TimeLeft>): TimeLeft => ({
  remaining: 3,
  overdue: false,
  state: 'verifying',
  ...more,
})

describe('the time left', () => {
  it.each([
    [time({}), '剩 3 个工作日', false],
    [time({ remaining: 0 }), '今天到期', true],
    [time({ remaining: -2, overdue: true }), '已超期 2 个工作日', false],
    [time({ remaining: 0, overdue: true }), '已超期', false],
    [time({ remaining: null, overdue: true }), '已超期', false],
    [time({ remaining: null }), '不限时', false],
    [time({ state: 'resurvey' }), '评价人剩 3 个工作日', false],
    [time({ state: 'waiting', remaining: 0 }), '评价人今天到期', false],
  ])('%j', (given, words, today) => {
    expect(leftText(given)).toBe(words)
    expect(endsToday(given)).toBe(today)
  })
})
