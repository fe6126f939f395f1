import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allowedOrderEvents,
  applyOrderEvent,
  isOrderEvent,
  isOrderKind,
  ORDER_EVENTS,
  ORDER_STATES,
  type OrderEvent,
  type OrderState,
  orderAwaitsAnswer,
  orderEventRule,
  orderIsOver,
} from './order-machine.ts'

const EVENTS = Object.keys(ORDER_EVENTS) as OrderEvent[]
const STATES = Object.keys(ORDER_STATES) as OrderState[]
const good = (event: OrderEvent) =>
  Object.fromEntries(
    orderEventRule(event)
      .fields.filter((field) => field.type === 'text')
      .map((field) => [field.name, '已办']),
  )

describe('Q74: a supervision order', () => {
  it('is answered, then accepted or returned; a returned one is answered again', () => {
    const walk = (events: OrderEvent[]) =>
      events.reduce<OrderState>((state, event) => {
        const step = applyOrderEvent(state, event, good(event))
        if (!step.ok) throw new Error(step.problems[0]?.message)
        return step.state
      }, 'issued')
    expect(walk(['answer', 'accept'])).toBe('accepted')
    expect(walk(['answer', 'return', 'answer', 'accept'])).toBe('accepted')
    expect(walk(['answer', 'return', 'withdraw'])).toBe('withdrawn')
    expect(() => walk(['accept'])).toThrow('督办现在是“待答复”，不能“审核通过”。')
  })

  it('is judged by who gave it, never by who answers it', () => {
    expect(allowedOrderEvents('answered', 'addressee')).toEqual([])
    expect(allowedOrderEvents('answered', 'supervisor')).toEqual(['accept', 'return', 'withdraw'])
    expect(allowedOrderEvents('issued', 'addressee')).toEqual(['answer'])
  })

  it('demands a text with every step that needs a reason, and takes no field that is not of the step', () => {
    expect(applyOrderEvent('issued', 'answer', {})).toEqual({
      ok: false,
      problems: [{ field: 'answer', message: '答复内容：必填' }],
    })
    expect(applyOrderEvent('answered', 'return', { note: ' ' })).toMatchObject({ ok: false })
    expect(applyOrderEvent('answered', 'accept', {})).toEqual({ ok: true, state: 'accepted' })
    expect(applyOrderEvent('issued', 'answer', { answer: '好', evidence: 'x' })).toMatchObject({
      problems: [{ message: '佐证材料：应为文件' }],
    })
    expect(applyOrderEvent('issued', 'answer', { answer: '字'.repeat(1001), wrong: 'x' })).toMatchObject({
      problems: [{ message: '不认识的字段：wrong' }, { message: '答复内容：最多 1000 字' }],
    })
  })

  it('walked at random never leaves an end, and its clock runs exactly while an answer is awaited', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 30 }), (events) => {
        let state: OrderState = 'issued'
        let running = true
        for (const event of events) {
          const before = state
          const step = applyOrderEvent(state, event, good(event))
          if (!step.ok) continue
          expect(orderIsOver(before)).toBe(false)
          state = step.state
          const { clock } = orderEventRule(event)
          running = clock === 'start' || (clock === 'leave' && running)
          expect(running).toBe(orderAwaitsAnswer(state))
        }
      }),
    )
  })

  it('has an end that can be reached from every state', () => {
    for (const state of STATES.filter((s) => !orderIsOver(s)))
      expect(EVENTS.some((event) => orderEventRule(event).from.includes(state))).toBe(true)
    for (const state of STATES.filter(orderIsOver))
      expect(EVENTS.every((event) => !orderEventRule(event).from.includes(state))).toBe(true)
  })

  it('knows its words', () => {
    expect([
      isOrderKind('listed'),
      isOrderKind('toString'),
      isOrderEvent('answer'),
      isOrderEvent('x'),
    ]).toEqual([true, false, true, false])
  })
})
