import { describe, expect, it } from 'vitest'
import { changeText, missingText } from './calendar.ts'
import { hallDayText, shortDay } from './days.ts'

const missing = { year: 2027, cases: 0, appeals: 0, orders: 0, commitments: 0 }

describe('days in words', () => {
  it('a day with its weekday, whatever the zone of the machine', () => {
    expect(shortDay('2027-01-09')).toBe('1月9日（周六）')
    expect(shortDay('2027-02-28')).toBe('2月28日（周日）')
    expect(hallDayText('6')).toBe('每周六')
    expect(hallDayText('2027-03-08')).toBe('2027-03-08')
  })
  it('what a day was and becomes', () => {
    expect(changeText({ day: '2027-01-01', from: null, to: { kind: 'holiday', name: '元旦' } })).toBe(
      '1月1日（周五）：按星期 → 放假（元旦）',
    )
    expect(
      changeText({
        day: '2027-01-03',
        from: { kind: 'holiday', name: '' },
        to: { kind: 'workday', name: '' },
      }),
    ).toBe('1月3日（周日）：放假 → 调休上班')
  })
})

describe('why a year is needed', () => {
  it('names what waits for it, and nothing that does not', () => {
    expect(missingText({ ...missing, why: 'running', cases: 3, orders: 1 })).toBe(
      '2027 年的节假日安排还没有录入。已有3 件差评件、1 项督办的期限跨入这一年，标为“暂定”。',
    )
    expect(missingText({ ...missing, why: 'next' })).not.toContain('跨入')
    expect(missingText({ ...missing, why: 'next', commitments: 2 })).toContain('2 项限期整改承诺')
    expect(missingText({ ...missing, why: 'current' })).toContain('只跳过周末')
  })
})
