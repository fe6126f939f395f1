// Builds the server (always: under a second), the scripts and styles of the citizen pages, and the console (only when
// its sources changed: that takes a while).
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { env, node, root, run } from './run.mjs'

const server = join(root, 'apps/server')
const staticDir = join(server, 'dist/static')
mkdirSync(staticDir, { recursive: true })

await build({
  entryPoints: [join(server, 'src/main.ts')],
  outfile: join(server, 'dist/main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: true,
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  alias: {
    '@haochaping/rules': join(root, 'packages/rules/src/index.ts'),
    '@haochaping/ledger': join(root, 'packages/ledger/src/index.ts'),
  },
  logLevel: 'warning',
})
const browser = join(server, 'src/pages/browser')
for (const file of existsSync(browser)
  ? readdirSync(browser).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
  : []) {
  // BigInt arithmetic cannot be expressed below ES2020; the rating form itself runs on Chrome 64.
  const target = file === 'rate.ts' ? ['chrome64'] : ['es2020']
  await build({
    entryPoints: [join(browser, file)],
    outfile: join(staticDir, file.replace(/\.ts$/, '.js')),
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    alias: { '@haochaping/ledger': join(root, 'packages/ledger/src/index.ts') },
    logLevel: 'warning',
  })
}
for (const folder of ['src/pages', 'src/pages/portal'])
  for (const file of existsSync(join(server, folder))
    ? readdirSync(join(server, folder)).filter((f) => f.endsWith('.css'))
    : [])
    cpSync(join(server, folder, file), join(staticDir, file))

const console_ = join(root, 'apps/console')
const digest = digestOf([
  join(console_, 'src'),
  join(console_, 'index.html'),
  join(console_, 'package.json'),
  join(console_, 'vite.config.ts'),
  join(server, 'src/pages/tokens.css'),
  join(root, 'packages'),
  join(root, 'package-lock.json'),
])
const mark = join(console_, 'dist/.built-from')
if (
  existsSync(join(console_, 'index.html')) &&
  (!existsSync(mark) || readFileSync(mark, 'utf8') !== digest)
) {
  console.log('正在构建管理端界面 / building the console (once) …')
  rmSync(join(console_, 'dist'), { recursive: true, force: true })
  const code = await run(
    node(),
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: console_, env },
  )
  if (code !== 0) process.exit(code)
  writeFileSync(mark, digest)
}

function digestOf(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    if (!existsSync(path)) return
    let names
    try {
      names = readdirSync(path).sort()
    } catch {
      hash.update(path).update(readFileSync(path))
      return
    }
    for (const name of names) visit(join(path, name))
  }
  paths.forEach(visit)
  return hash.digest('hex')
}
