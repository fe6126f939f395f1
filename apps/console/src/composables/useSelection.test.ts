import { describe, expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { useSelection } from './useSelection.ts'

const rowsOf = (ids: string) => [...ids].map((id) => ({ id }))
/** A page of a list, and what is picked on it. */
function page(ids: string) {
  const rows = shallowRef<{ id: string }[] | null>(rowsOf(ids))
  const selection = useSelection(() => rows.value)
  return { rows, selection, picked: () => selection.rows.map(({ id }) => id).join('') }
}

describe('what is picked on the page of a list', () => {
  it('is picked and let go one by one, and told in the order of the page', () => {
    const { selection, picked } = page('abcde')
    for (const id of 'dba') selection.toggle(id)
    expect(picked()).toBe('abd')
    selection.toggle('b')
    expect(picked()).toBe('ad')
  })
  it('is picked from the one before up to the one pressed with Shift, both ways', () => {
    const { selection, picked } = page('abcdef')
    selection.toggle('b')
    selection.toggle('d', true)
    expect(picked()).toBe('bcd')
    selection.toggle('a', true)
    expect(picked(), 'a range adds, and never lets go').toBe('abcd')
  })
  it('a range with nothing before it is the one alone', () => {
    const { selection, picked } = page('abc')
    selection.toggle('c', true)
    expect(picked()).toBe('c')
  })
  it('all, none, and some by name, of which only those on the page count', () => {
    const { selection, picked } = page('abc')
    selection.all(true)
    expect(picked()).toBe('abc')
    selection.all(false)
    expect(picked()).toBe('')
    selection.set(['c', 'z'])
    expect(picked()).toBe('c')
    selection.clear()
    expect(selection.ids.size).toBe(0)
  })
  it('what leaves the page is no longer picked, and a range does not begin at it', async () => {
    const { rows, selection, picked } = page('abcd')
    selection.all(true)
    selection.toggle('a')
    rows.value = rowsOf('cdef')
    await nextTick()
    expect(picked()).toBe('cd')
    selection.toggle('f', true)
    expect(picked()).toBe('cdf')
    rows.value = null
    await nextTick()
    expect(picked()).toBe('')
  })
})
