import { describe, expect, it } from 'vitest'
import type { CaseEvent } from './case-events.ts'
import type { CaseFacts, CasePerson } from './case-guards.ts'
import { allowedEvents, applyCaseEvent } from './case-machine.ts'
import { goodValues, opened, person, step, walk } from './case-walk.fixture.ts'

// What the table lets happen to a case, duty by duty.

describe('a negative rating', () => {
  const fixed: CaseEvent[] = ['sign', 'record_contact', 'fix_now', 'complete', 'reply']
  const rejected: CaseEvent[] = ['sign', 'record_contact', 'propose_rejection', 'confirm_rejection', 'reply']
  const missed = (facts: CaseFacts) => {
    const next = step(facts, 'record_contact', { ...goodValues('record_contact'), result: 'not_reached' })
    if (!next.ok) throw new Error(next.problems[0]?.message)
    return next.facts
  }

  it('R20, Q69: by a real-name evaluator must be called back before the reply', () => {
    const at = walk(opened(), 'sign', 'explain', 'explained')
    expect(step(at, 'reply')).toEqual({ ok: false, problems: [{ message: expect.stringContaining('回访') }] })
    expect(walk(at, 'record_contact', 'reply').state).toBe('resurvey')
  })

  it('R20: is called back when the citizen was spoken to, or tried as often as one day allows', () => {
    const at = walk(opened(), 'sign', 'explain', 'explained')
    const once = missed(at)
    expect(once.persons).toEqual([person('first', { attempts: 1 })])
    expect(step(once, 'reply').ok).toBe(false)
    expect(missed(once).persons).toEqual([person('first', { attempts: 2, contacted: true })])
    const declined = step(at, 'record_contact', { ...goodValues('record_contact'), result: 'declined' })
    expect(declined.ok && declined.facts.persons[0]?.contacted).toBe(true)
  })

  it('R17: must be called back again after the citizen said that it is not solved', () => {
    const again = walk(opened(), ...fixed, 'answer_unsolved', 'direct_again', 'sign', 'fix_now', 'complete')
    expect(again).toMatchObject({ round: 2, persons: [person('first')] })
    expect(step(again, 'reply').ok).toBe(false)
  })

  it('R20: whose evaluator does not want to be contacted is not called, and none else need be', () => {
    const facts = opened({ doNotContact: true, persons: [person('first', { doNotContact: true })] })
    expect(walk(facts, 'sign', 'fix_now', 'complete', 'reply').state).toBe('resurvey')
    const refused = step(walk(facts, 'sign'), 'record_contact')
    expect(refused).toEqual({ ok: false, problems: [{ message: expect.stringContaining('不愿被联系') }] })
    expect(allowedEvents({ ...facts, state: 'verifying' }, 'handler')).not.toContain('record_contact')
    expect(walk(opened({ persons: [] }), 'sign', 'fix_now', 'complete', 'reply').state).toBe('resurvey')
  })

  it('R20: a call-back is offered only where somebody left a name who may be called', () => {
    const offers = (...persons: CasePerson[]) =>
      allowedEvents({ ...opened({ persons }), state: 'verifying' }, 'handler').includes('record_contact')
    expect(offers(), 'all anonymous').toBe(false)
    expect(step(walk(opened({ persons: [] }), 'sign'), 'record_contact')).toEqual({
      ok: false,
      problems: [{ message: expect.stringContaining('没有可以回访的评价人') }],
    })
    expect(offers(person('first')), 'one of several ratings left a name').toBe(true)
    expect(offers(person('first', { doNotContact: true }), person('second'))).toBe(true)
    expect(offers(person('first', { doNotContact: true }))).toBe(false)
  })

  it('R16: ends as the citizen says, as nobody says, or as not adopted', () => {
    expect(walk(opened(), ...fixed, 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), ...fixed, 'close_unanswered').outcome).toBe('no_answer')
    expect(walk(opened(), ...rejected, 'answer_solved').outcome).toBe('not_adopted')
    expect(walk(opened(), ...rejected, 'close_unanswered').outcome).toBe('not_adopted')
    const again = walk(opened(), ...rejected, 'object_rejection', 'direct_again', ...fixed)
    expect(again.rejected).toBe(false)
    expect(walk(again, 'answer_solved').outcome).toBe('solved')
    expect(walk(opened(), 'sign', 'propose_rejection', 'refuse_rejection')).toMatchObject({
      state: 'verifying',
      rejected: false,
    })
  })

  it('Q62: is passed on by the level above only, and asked for once a round', () => {
    const asked = walk(opened(), 'sign', 'propose_transfer')
    expect(walk(asked, 'accept_transfer')).toMatchObject({ state: 'to_sign', returnsTo: null })
    const refused = walk(asked, 'refuse_transfer')
    expect(refused).toMatchObject({ state: 'verifying', transferRefused: true })
    expect(step(refused, 'propose_transfer').ok).toBe(false)
    expect(walk(opened(), 'propose_transfer', 'refuse_transfer').state).toBe('to_sign')
  })

  it('Q65: promised by a day gets a later one only by approval, one request at a time', () => {
    const promised = walk(opened(), 'sign', 'promise')
    expect(step(promised, 'approve_extension').ok).toBe(false)
    const asked = walk(promised, 'request_extension')
    expect(step(asked, 'request_extension').ok).toBe(false)
    for (const decision of ['approve_extension', 'refuse_extension'] as const)
      expect(walk(asked, decision)).toMatchObject({ state: 'promised', extensionPending: false })
    expect(walk(asked, 'complete')).toMatchObject({ state: 'feeding_back', extensionPending: false })
  })

  it('lets the citizen be asked once a round, and goes back to where it stood', () => {
    const asked = walk(opened(), 'sign', 'explain', 'ask_citizen')
    for (const end of ['citizen_supplied', 'resume_unanswered'] as const)
      expect(walk(asked, end)).toMatchObject({ state: 'explaining', returnsTo: null })
    expect(step(walk(asked, 'citizen_supplied'), 'ask_citizen').ok).toBe(false)
  })

  it('R18: found unsolved by inspection begins again, also when it was closed', () => {
    const closed = walk(opened(), ...fixed, 'answer_solved')
    expect(walk(closed, 'reopen_by_inspection')).toMatchObject({ state: 'reopened', round: 2, outcome: null })
  })
})

describe('a case that several organisations handle', () => {
  const [A, B] = ['/city/district/a/', '/city/district/b/']
  const move = (facts: CaseFacts, event: CaseEvent, about?: string) => {
    const next = applyCaseEvent(facts, event, goodValues(event), about)
    if (!next.ok) throw new Error(`${event}: ${next.problems[0]?.message}`)
    return next.facts
  }
  /** Ready to be answered, with two organisations that were asked to help. */
  const ready = () => {
    const signed = walk(opened({ persons: [] }), 'sign')
    const helped = move(move(signed, 'add_co_handler', B), 'add_co_handler', A)
    return walk(helped, 'fix_now', 'complete')
  }

  it('R14, Q62: is answered only when all who handle it with the lead have reported', () => {
    const one = move(ready(), 'co_report', A)
    expect(step(one, 'reply')).toEqual({
      ok: false,
      problems: [{ message: expect.stringContaining('还有协办单位没有提交') }],
    })
    const both = move(one, 'co_report', B)
    expect(both).toMatchObject({ coHandlers: [A, B], coReported: [A, B] })
    expect(walk(both, 'reply').state).toBe('resurvey')
    expect(step(both, 'go_on_without').ok, 'there is nothing to wait for').toBe(false)
  })

  it('R14: or the lead says why it does not wait; whoever is asked to help after that is waited for', () => {
    const signed = walk(opened({ persons: [] }), 'sign')
    const alone = move(move(signed, 'add_co_handler', A), 'go_on_without')
    expect(walk(alone, 'fix_now', 'complete', 'reply').state).toBe('resurvey')
    expect(step(alone, 'go_on_without').ok, 'said once').toBe(false)
    const another = walk(move(alone, 'add_co_handler', B), 'fix_now', 'complete')
    expect(step(another, 'reply').ok).toBe(false)
  })

  it('R14: or it was taken off the case, by the lead with a reason or by who put it there', () => {
    const one = move(move(ready(), 'co_report', A), 'remove_co_handler', B)
    expect(one).toMatchObject({ coHandlers: [A], coReported: [A] })
    expect(walk(one, 'reply').state).toBe('resurvey')
    for (const actor of ['handler', 'superior', 'management'] as const)
      expect(allowedEvents(one, actor)).toContain('remove_co_handler')
    expect(allowedEvents(one, 'co_handler')).toEqual(['co_report'])
    const none = move(one, 'remove_co_handler', A)
    expect(allowedEvents(none, 'handler')).not.toContain('remove_co_handler')
  })

  it('R17: found unsolved, it needs the reports of all anew', () => {
    const answered = walk(move(move(ready(), 'co_report', A), 'co_report', B), 'reply', 'answer_unsolved')
    expect(answered).toMatchObject({ coHandlers: [A, B], coReported: [], coWaived: false })
    const again = walk(answered, 'direct_again', 'sign', 'fix_now', 'complete')
    expect(step(again, 'reply').ok).toBe(false)
  })

  it('R14: given to an organisation that helped, it is led and no longer helped by it', () => {
    const proposed = walk(move(opened(), 'add_co_handler', A), 'propose_transfer')
    expect(move(proposed, 'accept_transfer', A)).toMatchObject({ coHandlers: [], coReported: [] })
  })
})

describe('a case of several who left a name', () => {
  const two = opened({ persons: [person('first'), person('second')] })
  const call = (facts: CaseFacts, evaluator: string, result = 'reached') =>
    applyCaseEvent(facts, 'record_contact', { ...goodValues('record_contact'), evaluator, result })
  const called = (facts: CaseFacts, evaluator: string, result?: string) => {
    const next = call(facts, evaluator, result)
    if (!next.ok) throw new Error(next.problems[0]?.message)
    return next
  }

  it('R20: each must be called back before the reply, or tried as often as one day allows', () => {
    const at = walk(two, 'sign', 'explain', 'explained')
    const one = called(at, 'first').facts
    expect(step(one, 'reply').ok).toBe(false)
    const tried = called(one, 'second', 'not_reached').facts
    expect(step(tried, 'reply').ok, 'tried once').toBe(false)
    expect(step(called(tried, 'second', 'not_reached').facts, 'reply').ok).toBe(true)
    expect(step(called(tried, 'second', 'declined').facts, 'reply').ok).toBe(true)
  })

  it('R20: it must be said which of them was called; who asked not to be is not', () => {
    const at = walk(two, 'sign')
    for (const evaluator of ['', 'third'])
      expect(call(at, evaluator)).toEqual({
        ok: false,
        problems: [{ field: 'evaluator', message: expect.stringContaining('选择这次联系的是哪一位') }],
      })
    const one = opened({
      state: 'feeding_back',
      persons: [person('first'), person('second', { doNotContact: true })],
    })
    expect(call(one, 'second').ok).toBe(false)
    // There is only one who may be called, so nobody need be named.
    expect(step(called(one, '').facts, 'reply').ok).toBe(true)
  })

  it('R20: the first contact is made when each of them was tried', () => {
    const one = called(walk(two, 'sign'), 'second', 'not_reached')
    expect(one.clocks.stops).toEqual([])
    expect(called(one.facts, 'first', 'not_reached').clocks.stops).toEqual(['contact'])
  })

  it('R17: found unsolved, all must be called back again', () => {
    const at = walk(two, 'sign', 'explain', 'explained')
    const replied = walk(called(called(at, 'first').facts, 'second').facts, 'reply')
    expect(walk(replied, 'answer_unsolved').persons).toEqual(two.persons)
  })
})
