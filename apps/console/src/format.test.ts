import { describe, expect, it } from 'vitest'
import {
  countText,
  dayText,
  fullText,
  isDay,
  minuteText,
  percentText,
  quantityText,
  shanghaiMinute,
} from './format.ts'

describe('moments, by the clock of Shanghai whatever the machine’s', () => {
  const evening = '2026-11-24T16:05:09.000Z'
  it('to the minute, to the second, to the day', () => {
    expect(minuteText(evening)).toBe('2026-11-25 00:05')
    expect(fullText(evening)).toBe('2026年11月25日 00:05:09')
    expect(dayText(evening)).toBe('2026-11-25')
    expect(shanghaiMinute(new Date(evening))).toBe('2026-11-25T00:05')
  })
  it('leaves as a day what is told as one', () => {
    expect(isDay('2026-11-24')).toBe(true)
    expect(isDay(evening)).toBe(false)
    expect(minuteText('2026-11-24')).toBe('2026-11-24')
  })
})

describe('numbers', () => {
  it('a share, and nothing where there was nothing to divide by', () => {
    expect(percentText(0.97531)).toBe('97.53%')
    expect(percentText(1, 0)).toBe('100%')
    expect(percentText(0)).toBe('0.00%')
    expect(percentText(null)).toBe('—')
  })
  it('counts with their units', () => {
    expect(countText(1234567)).toBe('1,234,567')
    expect(quantityText(5, 'working_day')).toBe('5 个工作日')
    expect(quantityText(2, 'parsec')).toBe('2 parsec')
  })
})
