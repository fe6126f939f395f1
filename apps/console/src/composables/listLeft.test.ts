import { expect, it } from 'vitest'
import { listLeft } from './listLeft.ts'

it.each([
  ['/appeals?state=filed&page=2', '/appeals?state=filed&page=2'],
  ['/appeals', '/appeals'],
  ['/appeals/4c94c12f', '/appeals'],
  ['/appeals-of-others?x=1', '/appeals'],
  ['/cases?mine=true', '/appeals'],
  [null, '/appeals'],
])('from %s one goes back to %s', (before, back) => {
  expect(listLeft('/appeals', before)).toBe(back)
})
