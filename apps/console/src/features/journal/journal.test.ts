import { caseEvents } from '@haochaping/rules'
import { describe, expect, it } from 'vitest'
import { pageOf } from './journal.ts'
import { kindText } from './kinds.ts'

describe('the page of what an entry is about', () => {
  it.each([
    ['evaluation.submitted', 'evaluation'],
    ['case.sign', 'case'],
    ['complaint.received', 'complaint'],
    ['appeal.filed', 'appeal'],
  ])('%s: %s', (kind, name) => {
    expect(pageOf({ kind, subjectId: 'x' })).toEqual({ name, params: { id: 'x' } })
  })
  it.each(['account.signed-in', 'policy.changed', 'supervision.check_drawn', 'message.sent', ''])(
    '%s: none',
    (kind) => {
      expect(pageOf({ kind, subjectId: 'x' })).toBeNull()
    },
  )
})

it.each(caseEvents)('the entry of the event %s has a name in the list', (event) => {
  expect(kindText(`case.${event}`)).toMatch(/^差评件：/)
})
