import { afterEach, describe, expect, it } from 'vitest'
import { listPlace, neighbours } from './listPlace.ts'

afterEach(() => {
  listPlace.value = { path: '/cases', ids: [], openedId: null }
})

describe('the cases beside one, in the list it was opened from', () => {
  it('are those before and after it, none beyond the ends', () => {
    listPlace.value = { path: '/cases?mine=true', ids: ['a', 'b', 'c'], openedId: 'b' }
    expect(neighbours('a')).toEqual({ before: null, after: 'b', text: '1 / 3' })
    expect(neighbours('b')).toEqual({ before: 'a', after: 'c', text: '2 / 3' })
    expect(neighbours('c')).toEqual({ before: 'b', after: null, text: '3 / 3' })
  })
  it('are unknown of a case that was come to otherwise', () => {
    expect(neighbours('z')).toEqual({ before: null, after: null, text: '' })
  })
})
