import { caseEventRule, caseEvents } from '@haochaping/rules'
import { describe, expect, it } from 'vitest'
import { emptyDraft, faultsOf, isWritten, valuesOf } from './drafts.ts'
import type { CaseField } from './types.ts'

const file = (fileId: string) => ({ fileId, name: '照片.png', mediaType: 'image/png', size: 1 })
const actions = caseEvents.map((event) => {
  const { label, fields } = caseEventRule(event)
  return { event, label, confirm: null, fields: [...fields] as CaseField[] }
})
const named = (event: string) => actions.find((action) => action.event === event)!
/** A draft with something in every field. */
const full = (fields: readonly CaseField[]) => {
  const draft = emptyDraft()
  for (const { name, type } of fields)
    if (type === 'files') draft.files[name] = [file(`${name}-1`), file(`${name}-2`)]
    else draft.texts[name] = ` ${name} `
  return draft
}

describe('the form of an action, made from the table of the rules', () => {
  it.each(actions)(
    '$event: asks for what it demands and for nothing else, and sends all that was written',
    (action) => {
      const demanded = action.fields.filter((field) => field.required).map((field) => field.name)
      expect(Object.keys(faultsOf(action, emptyDraft()))).toEqual(demanded)
      const draft = full(action.fields)
      expect(faultsOf(action, draft)).toEqual({})
      expect(valuesOf(action, draft)).toEqual(
        Object.fromEntries(
          action.fields.map(({ name, type }) => [name, type === 'files' ? [`${name}-1`, `${name}-2`] : name]),
        ),
      )
    },
  )
  it('leaves out what is blank, and keeps for the next form what was written in none', () => {
    const draft = emptyDraft()
    draft.texts.finding = '  \n '
    draft.files.evidence = []
    expect(isWritten(draft)).toBe(false)
    expect(valuesOf(named('fix_now'), draft)).toEqual({})
    expect(Object.keys(faultsOf(named('fix_now'), draft))).toContain('finding')
    draft.texts.finding = '属实'
    expect(isWritten(draft)).toBe(true)
  })
  it('counts characters as people do: a rare character is one', () => {
    const field = { name: 'reply', label: '答复', type: 'text', required: true, maxLength: 3 } as const
    const action = { event: 'reply', label: '答复', confirm: null, fields: [field] }
    const saying = (reply: string) => faultsOf(action, { texts: { reply }, files: {} })
    expect(saying('𠮷𠮷𠮷')).toEqual({})
    expect(saying('一二三四')).toEqual({ reply: '最多 3 字' })
  })
})
