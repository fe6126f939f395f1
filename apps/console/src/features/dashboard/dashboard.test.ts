import { describe, expect, it } from 'vitest'
import { dayFromNow } from '../../format.ts'
import { countMovedText, movedText, partsText, shareOf, valueText } from './figures.ts'
import { atHome, periodOf, presetOf, rowEvaluations, toPlace, toRow } from './scope.ts'
import type { Figure, FigureRow } from './types.ts'

describe('what the address of the dashboard means', () => {
  it('a preset, days chosen one by one, or the usual thirty for anything else', () => {
    expect(presetOf({})).toBe('30')
    expect(presetOf({ days: '90' })).toBe('90')
    expect(presetOf({ days: '365' })).toBe('30')
    expect(presetOf({ from: '2026-11-01', to: '2026-11-30', days: '7' })).toBeNull()
    expect(presetOf({ from: '2026-11-01' }), 'half a period is none').toBe('30')
  })
  it('the last seven days are seven, today among them', () => {
    expect(periodOf({ days: '7' })).toEqual({ from: dayFromNow(-6), to: dayFromNow(0) })
    expect(periodOf({ from: '2026-11-01', to: '2026-11-30' })).toEqual({
      from: '2026-11-01',
      to: '2026-11-30',
    })
  })
  it('goes down and up over the same period; a hall keeps the organisation it was entered from', () => {
    const now = { days: '7', region: 'r', organization: 'o', hall: 'h' }
    expect(toPlace({ kind: 'window', id: 'w' }, now)).toMatchObject({
      query: { days: '7', region: 'r', organization: 'o', hall: 'h', window: 'w' },
    })
    const { query } = toPlace({ kind: 'region', id: 'r2' }, now) as { query: object }
    expect(JSON.parse(JSON.stringify(query))).toEqual({ days: '7', region: 'r2' })
    expect(atHome({ days: '7' })).toBe(true)
    expect(atHome(now)).toBe(false)
  })
  it('R28: no list of ratings by the person who was rated', () => {
    const row = (kind: FigureRow['kind']) => ({ kind, id: 'x' }) as FigureRow
    expect(rowEvaluations(row('staff'), {})).toBeNull()
    expect(toRow(row('staff'), {})).toBeNull()
    expect(toRow(row('item'), {})).toBeNull()
    expect(rowEvaluations(row('item'), {})).toMatchObject({ path: '/evaluations', query: { item: 'x' } })
  })
})

const figure = (more: Partial<Figure>) =>
  ({
    key: 'satisfaction',
    value: 0.9753,
    previous: 0.97,
    numerator: 1203,
    denominator: 1234,
    ...more,
  }) as Figure

describe('figures in words', () => {
  it('a rate, an average, and neither where there is nothing', () => {
    expect(valueText(figure({}))).toBe('97.53%')
    expect(valueText(figure({ key: 'average_score', value: 9.414 }))).toBe('9.41 分')
    expect(valueText(figure({ value: null }))).toBe('—')
    expect(partsText(figure({}))).toBe('1,203 / 1,234')
    expect(shareOf(1, 0)).toBeNull()
    expect(shareOf(1, 4)).toBe(0.25)
  })
  it('how it moved, in points of a per cent, with what it was before', () => {
    expect(movedText(figure({}))).toBe('较上期升 0.53 个百分点（上期 97.00%）')
    expect(movedText(figure({ value: 0.96 }))).toBe('较上期降 1.00 个百分点（上期 97.00%）')
    expect(movedText(figure({ value: 0.970001 })), 'less than is shown').toBe('与上期持平（上期 97.00%）')
    expect(movedText(figure({ previous: null }))).toBe('上期没有可比的数')
    expect(movedText(figure({ key: 'average_score', value: 9, previous: 9.5 }))).toBe(
      '较上期降 0.50 分（上期 9.50 分）',
    )
    expect(countMovedText(1200, 1000)).toBe('较上期多 200（上期 1,000）')
    expect(countMovedText(5, 5)).toBe('与上期持平（上期 5）')
  })
})
