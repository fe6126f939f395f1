// Everything there is to check, in the order that tells soonest. Fails at the first thing that fails.

import { join } from 'node:path'
import { install, node, root, run } from './run.mjs'

install()
const js = (path) => join(root, 'node_modules', path)
const steps = [
  ['format, lint and import rules', ['node_modules/.bin/biome', ['ci', '--error-on-warnings', '.']]],
  ['types', [node(), [js('@typescript/native/bin/tsc'), '-p', 'tsconfig.json']]],
  [
    'types of the console',
    [node(), [js('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'apps/console/tsconfig.json']],
  ],
  ['build', [node(), ['scripts/build.mjs']]],
  ['unit and integration tests', [node(), [js('vitest/vitest.mjs'), 'run']]],
  [
    'the integration tests with a pool of one',
    [node(), [js('vitest/vitest.mjs'), 'run', '--project', 'integration'], { HAOCHAPING_POOL_SIZE: '1' }],
  ],
  [
    'browser tests',
    [node(), [js('@playwright/test/cli.js'), 'test', '-c', 'tests/e2e/playwright.config.ts']],
  ],
  [
    'crash test and simulated year',
    [node(), [js('vitest/vitest.mjs'), 'run', '-c', 'tests/faults/vitest.config.ts']],
  ],
]
/** The tests start the program some eighty times; compiling it each time takes longer than most of what it does. */
const COMPILED = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled') }
const only = process.argv.slice(2)
for (const [name, [command, args, more = {}]] of steps) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue
  const started = Date.now()
  console.log(`\n── ${name}`)
  const code = await run(command, args, {
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      ...COMPILED,
      ...more,
    },
  })
  if (code !== 0) {
    console.error(`\n✗ ${name} failed`)
    process.exit(code)
  }
  console.log(`✓ ${name} (${Math.round((Date.now() - started) / 1000)} s)`)
}
