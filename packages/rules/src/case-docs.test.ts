import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderCaseDocs } from './case-docs.ts'

it('docs/case.md says what the tables say (npm run docs:case rewrites it)', () => {
  expect(readFileSync(new URL('../../../docs/case.md', import.meta.url), 'utf8')).toBe(renderCaseDocs())
})
