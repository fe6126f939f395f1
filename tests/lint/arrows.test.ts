import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SERVER = 'apps/server/src'

/** What is forbidden, in a file like which, importing what, with which words of the refusal. */
const FORBIDDEN = [
  ['rules know no clock, no database, nothing', 'packages/rules/src/x.ts', 'node:fs', 'pure'],
  ['rules know no other package', 'packages/rules/src/x.ts', '@haochaping/ledger', 'pure'],
  [
    'rules do not reach into the server',
    'packages/rules/src/x.ts',
    '../../../apps/server/src/server.ts',
    'pure',
  ],
  ['the ledger knows no library', 'packages/ledger/src/x.ts', 'kysely', 'pure'],
  ['the ledger knows no native hash', 'packages/ledger/src/x.ts', 'node:crypto', 'pure'],
  [
    'the platform knows no module',
    `${SERVER}/platform/x.ts`,
    '../modules/people/people.service.ts',
    'no domain words',
  ],
  [
    'the platform knows no module, from deeper down either',
    `${SERVER}/platform/crypto/x.ts`,
    '../../modules/ledger/journal.ts',
    'no domain words',
  ],
  ['the platform knows no page', `${SERVER}/platform/x.ts`, '../pages/frame.ts', 'no domain words'],
  ['the platform knows no command', `${SERVER}/platform/x.ts`, '../commands/import.ts', 'no domain words'],
  ['the platform knows no rule', `${SERVER}/platform/x.ts`, '@haochaping/rules', 'no domain words'],
  [
    'a service reads no other module’s tables',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../people/people.store.ts',
    'another module',
  ],
  [
    'a consumer reads no other module’s tables',
    `${SERVER}/modules/affairs/x.consumer.ts`,
    '../people/people.store.ts',
    'another module',
  ],
  [
    'a service knows no page',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../../pages/frame.ts',
    'pages → routes',
  ],
  [
    'a service knows no wiring',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../../services.ts',
    'pages → routes',
  ],
  [
    'a service knows no server',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../../server.ts',
    'pages → routes',
  ],
  [
    'a service knows no demo',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../../demo/month.ts',
    'pages → routes',
  ],
  [
    'a route knows no store',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    './affairs.store.ts',
    'Routes know their service',
  ],
  [
    'a route knows no other store',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    '../people/people.store.ts',
    'Routes know their service',
  ],
  [
    'a route knows no database',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    '../../platform/database.ts',
    'Routes know their service',
  ],
  [
    'a route knows no SQL',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    'kysely',
    'Routes know their service',
  ],
  [
    'a route knows no driver',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    'pg',
    'Routes know their service',
  ],
  [
    'a route knows no page',
    `${SERVER}/modules/affairs/affairs.routes.ts`,
    '../../pages/frame.ts',
    'pages → routes',
  ],
  [
    'a store knows no service',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    './affairs.service.ts',
    'A store is SQL',
  ],
  [
    'a store knows no route',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    './affairs.routes.ts',
    'A store is SQL',
  ],
  [
    'a store knows no other store',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    '../people/people.store.ts',
    'A store is SQL',
  ],
  [
    'a store knows no HTTP',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    '../../platform/http.ts',
    'A store is SQL',
  ],
  [
    'a store knows no refusals',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    '../../platform/problem.ts',
    'A store is SQL',
  ],
  ['a store knows no server', `${SERVER}/modules/affairs/affairs.store.ts`, 'fastify', 'A store is SQL'],
  [
    'a store knows no page',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    '../../pages/frame.ts',
    'A store is SQL',
  ],
  [
    'a store knows no wiring',
    `${SERVER}/modules/affairs/affairs.store.ts`,
    '../../services.ts',
    'A store is SQL',
  ],
  [
    'a page knows no store',
    `${SERVER}/pages/x.page.tsx`,
    '../modules/people/people.store.ts',
    'Pages ask services',
  ],
  [
    'a module reaches no other module’s tables by a detour',
    `${SERVER}/modules/affairs/x.service.ts`,
    '../../modules/people/people.store.ts',
    'another module',
  ],
  [
    'a command reaches no table',
    `${SERVER}/commands/x.ts`,
    '../modules/people/people.store.ts',
    'through the service',
  ],
  [
    'the demo reaches no table',
    `${SERVER}/demo/x.ts`,
    '../modules/people/people.store.ts',
    'through the service',
  ],
  [
    'the wiring reaches no table',
    `${SERVER}/x.ts`,
    './modules/people/people.store.ts',
    'through the service',
  ],
  ['a page knows no database', `${SERVER}/pages/x.page.tsx`, '../platform/database.ts', 'Pages ask services'],
  ['a page of the portal knows no SQL', `${SERVER}/pages/portal/x.page.tsx`, 'kysely', 'Pages ask services'],
  [
    'the console knows the server by HTTP only',
    'apps/console/src/x.ts',
    '../../server/src/server.ts',
    'HTTP interface only',
  ],
  [
    'the console knows no package of the server',
    'apps/console/src/x.ts',
    '@haochaping/server',
    'HTTP interface only',
  ],
  ['the console runs in a browser', 'apps/console/src/features/x.ts', 'node:fs', 'HTTP interface only'],
] as const

/** A file like which may import what. */
const ALLOWED = [
  ['packages/rules/src/x.ts', './scale.ts'],
  ['packages/rules/src/x.test.ts', 'fast-check'],
  [`${SERVER}/platform/x.ts`, '@haochaping/ledger'],
  [`${SERVER}/modules/affairs/x.service.ts`, './affairs.store.ts'],
  [`${SERVER}/modules/affairs/x.service.ts`, '../people/people.service.ts'],
  [`${SERVER}/modules/affairs/x.service.ts`, '@haochaping/rules'],
  [`${SERVER}/modules/affairs/x.store.ts`, 'kysely'],
  [`${SERVER}/modules/affairs/x.routes.ts`, './affairs.service.ts'],
  [`${SERVER}/pages/x.page.tsx`, '../modules/affairs/affairs.service.ts'],
  [`${SERVER}/services.ts`, './modules/affairs/affairs.service.ts'],
  ['apps/console/src/x.ts', '@haochaping/rules'],
] as const

interface Diagnostic {
  category: string
  severity: string
  message: string
  location: { path: string }
}
/** A name of its own for the n-th file, of the same room and layer: 'affairs.store.ts' → 'x7.store.ts'. */
const named = (file: string, n: number) => join(dirname(file), basename(file).replace(/^[^.]+/, `x${n}`))

const folder = mkdtempSync(join(tmpdir(), 'haochaping-lint-'))
let said: Diagnostic[] = []
beforeAll(() => {
  const { vcs: _vcs, ...config } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config))
  const files = [...FORBIDDEN.map(([, file, from]) => [file, from]), ...ALLOWED] as [string, string][]
  for (const [n, [file, from]] of files.entries()) {
    const path = join(folder, named(file, n))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `import { x } from '${from}'\n\nexport const y = x\n`)
  }
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const { stdout, error } = spawnSync(
    process.execPath,
    [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' },
  )
  if (error) throw error
  said = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const about = (file: string, n: number) => said.filter((d) => d.location.path.endsWith(named(file, n)))

describe('an arrow that the plan of the house forbids is refused by the linter', () => {
  it.each(FORBIDDEN.map((row, n) => [...row, n] as const))('%s', (_arrow, file, _from, words, n) => {
    const [refusal, ...more] = about(file, n)
    expect(refusal).toMatchObject({ category: 'lint/style/noRestrictedImports', severity: 'error' })
    expect(JSON.stringify(refusal)).toContain(words)
    expect(more).toEqual([])
  })
})

describe('an arrow that the plan draws is let through', () => {
  it.each(ALLOWED.map((row, n) => [...row, n] as const))('%s → %s', (file, _from, n) => {
    expect(about(file, FORBIDDEN.length + n)).toEqual([])
  })
})
