import { writeFileSync } from 'node:fs'
import { renderCaseDocs } from '../packages/rules/src/case-docs.ts'

// Rewrites docs/case.md from the tables the program runs by.
writeFileSync(new URL('../docs/case.md', import.meta.url), renderCaseDocs())
