import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOptionCodes, optionsFor } from './options.ts'
import { NATIONAL_OPTIONS } from './options-data.ts'
import type { SatisfactionLevel } from './scale.ts'

const LEVELS: SatisfactionLevel[] = [5, 4, 3, 2, 1]
const file = join(import.meta.dirname, '../../../data/national/evaluation-options.csv')
const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
const rows = lines.map((line) => {
  const [scheme, version, level, code, label, folded, inUse] = line.split(',')
  return { scheme, version, level: Number(level), code, label, folded: folded === 'true', inUse }
})

describe('the national evaluation options', () => {
  it.each(['1', '2'] as const)('of version %s are those of the national list, in its order', (version) => {
    expect(head).toBe('scheme,version,level,code,label,folded,in_use')
    for (const level of LEVELS)
      expect(optionsFor(level, version)).toEqual(
        rows
          .filter((row) => row.version === version && row.level === level)
          .map(({ code, label, folded }) => ({ code, label, folded })),
      )
  })

  it('are all in the file and all in the program, version 2 in use and version 1 retired', () => {
    expect(rows.length).toBe(NATIONAL_OPTIONS.length)
    for (const row of rows) expect([row.scheme, row.inUse]).toEqual(['national', String(row.version === '2')])
  })

  it('never use a code twice within a version, and begin with the digit of their level', () => {
    for (const version of ['1', '2']) {
      const codes = NATIONAL_OPTIONS.filter((o) => o.version === version)
      expect(new Set(codes.map((o) => o.code)).size).toBe(codes.length)
      for (const option of codes) expect(option.code).toMatch(new RegExp(`^${option.level}\\d\\d$`))
    }
  })

  it('of version 2 are eight a level, three shown and five folded', () => {
    for (const level of LEVELS)
      expect(optionsFor(level).map((o) => o.folded)).toEqual([
        ...Array(3).fill(false),
        ...Array(5).fill(true),
      ])
  })

  it('are accepted for their own level and version only', () => {
    const option = fc.constantFrom(...NATIONAL_OPTIONS)
    fc.assert(
      fc.property(
        fc.array(option),
        fc.constantFrom(...LEVELS),
        fc.constantFrom<'1' | '2'>('1', '2'),
        (chosen, level, version) => {
          const wrong = chosen.filter((o) => o.level !== level || o.version !== version).map((o) => o.code)
          expect(
            checkOptionCodes(
              level,
              chosen.map((o) => o.code),
              version,
            ),
          ).toEqual(wrong)
        },
      ),
    )
    expect(checkOptionCodes(1, ['108', '', '１０８', 'x'])).toEqual(['', '１０８', 'x'])
  })
})
