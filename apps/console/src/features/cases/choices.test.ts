import { describe, expect, it } from 'vitest'
import { type Among, amongOf, isAsked } from './choices.ts'

const person = (id: string, more: Partial<Among['persons'][number]> = {}) => ({
  id,
  label: `评价人 ${id}`,
  doNotContact: false,
  contacted: false,
  attempts: 0,
  ...more,
})
const party = (organizationId: string, more: Partial<Among['parties'][number]> = {}) => ({
  kind: 'co',
  organizationId,
  organizationName: `${organizationId} 局`,
  reported: false,
  until: null,
  ...more,
})
const nobody: Among = { persons: [], parties: [] }

describe('of whom one is to be chosen', () => {
  const EVALUATOR = { type: 'evaluator' } as const
  it('R16: whoever may be called, with how far one has come with each; who asked not to be called is not offered', () => {
    const persons = [
      person('1', { contacted: true, attempts: 1 }),
      person('2', { attempts: 2 }),
      person('3', { doNotContact: true }),
      person('4'),
    ]
    expect(amongOf(EVALUATOR, { ...nobody, persons })).toEqual([
      { value: '1', label: '评价人 1，已回访' },
      { value: '2', label: '评价人 2，已试 2 次' },
      { value: '4', label: '评价人 4' },
    ])
  })
  it('is not asked with one or none to choose from', () => {
    const persons = [person('1'), person('2', { doNotContact: true })]
    expect(isAsked(EVALUATOR, { ...nobody, persons })).toBe(false)
    expect(isAsked(EVALUATOR, nobody)).toBe(false)
    expect(isAsked(EVALUATOR, { ...nobody, persons: [person('1'), person('2')] })).toBe(true)
    expect(isAsked({ type: 'text' }, nobody)).toBe(true)
  })
  it('the organisations that handle it too, not the lead, nor who no longer does', () => {
    const parties = [
      party('a', { kind: 'lead' }),
      party('b', { reported: true }),
      party('c', { until: '2026-11-24T00:00:00.000Z' }),
      party('d'),
    ]
    expect(amongOf({ type: 'organization', among: 'co_handlers' }, { ...nobody, parties })).toEqual([
      { value: 'b', label: 'b 局，已提交情况' },
      { value: 'd', label: 'd 局' },
    ])
    expect(amongOf({ type: 'organization' }, { ...nobody, parties })).toBeNull()
  })
})
