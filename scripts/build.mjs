// Builds the server with the scripts and styles of the citizen pages, and the console; each only when what it is
// made of has changed.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { env, node, root, run } from './run.mjs'

const server = join(root, 'apps/server')
const staticDir = join(server, 'dist/static')
const console_ = join(root, 'apps/console')
const shared = [join(root, 'packages'), join(root, 'package-lock.json'), join(root, 'scripts/build.mjs')]

await whenChanged(join(server, 'dist'), [join(server, 'src'), ...shared], buildServer)
await whenChanged(
  join(console_, 'dist'),
  ['src', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(console_, name)).concat(shared),
  buildConsole,
)

async function buildServer() {
  const { build } = await import('esbuild')
  rmSync(staticDir, { recursive: true, force: true })
  mkdirSync(staticDir, { recursive: true })
  await build({
    // What runs in a thread of its own is a file of its own.
    entryPoints: ['main.ts', 'worker.thread.ts', 'platform/pdf.worker.ts'].map((name) =>
      join(server, 'src', name),
    ),
    outdir: join(server, 'dist'),
    entryNames: '[name]',
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
  for (const file of readdirSync(browser).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))) {
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
    for (const file of readdirSync(join(server, folder)).filter((f) => f.endsWith('.css')))
      cpSync(join(server, folder, file), join(staticDir, file))
}

async function buildConsole() {
  console.log('正在构建管理端界面 / building the console (once) …')
  rmSync(join(console_, 'dist'), { recursive: true, force: true })
  const code = await run(
    node(),
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: console_, env },
  )
  if (code !== 0) process.exit(code)
}

/** Runs a build unless its folder was made from exactly these sources. */
async function whenChanged(folder, sources, build) {
  const digest = digestOf(sources)
  const mark = join(folder, '.built-from')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === digest) return
  rmSync(mark, { force: true })
  await build()
  writeFileSync(mark, digest)
}

/** A digest of files by name and content; tests are no part of what is built. */
function digestOf(paths) {
  const hash = createHash('sha256')
  const visit = (path) => {
    let names
    try {
      names = readdirSync(path).sort()
    } catch {
      if (!/\.test\.tsx?$/.test(path)) hash.update(relative(root, path)).update(readFileSync(path))
      return
    }
    for (const name of names) if (name !== 'node_modules' && name !== 'dist') visit(join(path, name))
  }
  paths.forEach(visit)
  return hash.digest('hex')
}
