import { CASE_STATES, type CaseActor, type CaseState, caseEventRule, caseEvents } from '@haochaping/rules'
import { describe, expect, it } from 'vitest'
import { actionsOf } from './caseActions.ts'
import { shortcutFor } from './shortcuts.ts'
import type { CaseField } from './types.ts'

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  repeat: false,
  ...more,
})
const KEYS = [{ key: 'j' }, { key: '?' }, { key: 'Escape' }]

describe('single keys', () => {
  it.each(['j', 'J', '?', 'Escape'])('%s is heard', (key) => {
    expect(shortcutFor(press(key), KEYS)?.key.toLowerCase()).toBe(key.toLowerCase())
  })
  it.each([
    press('x'),
    press('j', { ctrlKey: true }),
    press('j', { metaKey: true }),
    press('j', { altKey: true }),
    press('j', { isComposing: true }),
    press('j', { repeat: true }),
  ])('is not a shortcut: %j', (pressed) => {
    expect(shortcutFor(pressed, KEYS)).toBeUndefined()
  })
})

const OFFICIALS: CaseActor[] = ['handler', 'co_handler', 'management', 'superior', 'supervisor']
const rules = caseEvents
  .map((event) => ({ event, ...caseEventRule(event) }))
  .filter(({ actors }) => actors.some((actor) => OFFICIALS.includes(actor)))

describe('the actions of a case by the table of the rules', () => {
  it('each that an official may start has its own look and a line that says what it leads to', () => {
    for (const { event, label, fields } of rules) {
      const [action] = actionsOf([{ event, label, confirm: null, fields: [...fields] as CaseField[] }])
      expect(action?.hint, event).not.toBe('')
    }
  })
  it.each(Object.keys(CASE_STATES) as CaseState[])(
    'in state %s each key means one of them, and none of the page’s own',
    (state) => {
      for (const actor of OFFICIALS) {
        const offered = rules.filter((rule) => rule.from.includes(state) && rule.actors.includes(actor))
        const keys = actionsOf(
          offered.map(({ event, label, fields }) => ({
            event,
            label,
            confirm: null,
            fields: [...fields] as CaseField[],
          })),
        ).flatMap(({ key }) => key ?? [])
        expect(new Set(keys).size, `${actor}: ${keys.join(' ')}`).toBe(keys.length)
        for (const own of ['j', 'k', 'u', '?']) expect(keys).not.toContain(own)
      }
    },
  )
  it('those with a key stand before those without, else as they were offered', () => {
    const offered = ['change_verifier', 'sign', 'propose_transfer', 'explain'].map((event) => ({
      event,
      label: event,
      confirm: null,
      fields: [],
    }))
    expect(actionsOf(offered).map(({ event }) => event)).toEqual([
      'sign',
      'explain',
      'change_verifier',
      'propose_transfer',
    ])
  })
})
