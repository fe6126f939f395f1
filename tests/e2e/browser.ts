import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A browser that can be launched: the program, its own flags, the environment it needs. */
export interface FoundBrowser {
  executablePath: string
  args: string[]
  env: Record<string, string>
  /** where it comes from, for the report */
  origin: 'CHROMIUM_PATH' | 'system' | 'npm'
}

const SYSTEM = '/usr/bin/chromium'
const modules = join(import.meta.dirname, '../../node_modules')

/** Quiet, offline, without a sandbox (root has none to give), drawn by the processor. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]

/**
 * The browser for the tests and the bench: CHROMIUM_PATH, else the system's, else the one npm brings.
 * HAOCHAPING_BROWSER=npm asks for the last one though there is another. The Chinese font always comes from npm, so
 * that what is drawn does not hang on what a machine happens to have.
 * @throws Error when the one named is missing, or when npm's cannot be unpacked; there is no going on without.
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): FoundBrowser {
  const found = (executablePath: string, origin: FoundBrowser['origin'], more = {}): FoundBrowser => ({
    executablePath,
    origin,
    args: FLAGS,
    env: { ...definedOnly(env), FONTCONFIG_FILE: fontsConf(), ...more },
  })
  if (env.HAOCHAPING_BROWSER !== 'npm') {
    if (env.CHROMIUM_PATH) {
      if (!existsSync(env.CHROMIUM_PATH)) throw new Error(`CHROMIUM_PATH=${env.CHROMIUM_PATH}: no such file`)
      return found(env.CHROMIUM_PATH, 'CHROMIUM_PATH')
    }
    if (existsSync(SYSTEM)) return found(SYSTEM, 'system')
  }
  const folder = unpacked()
  return found(join(folder, 'chromium'), 'npm', { LD_LIBRARY_PATH: join(folder, 'al2023/lib') })
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))

/**
 * Unpacks npm's browser, once for each version, into the folder for temporary files. It is made under another name
 * and then renamed, so that two runs at once, or one that was interrupted, never leave half a browser behind.
 */
function unpacked(): string {
  const { version } = JSON.parse(readFileSync(join(modules, '@sparticuz/chromium/package.json'), 'utf8')) as {
    version: string
  }
  const home = join(tmpdir(), `haochaping-chromium-${version}`)
  if (existsSync(home)) return home
  const making = mkdtempSync(`${home}-`)
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'unpack-chromium.ts')],
    // The package unpacks the shared libraries it needs only where it believes to be on that platform.
    { env: { ...process.env, TMPDIR: making, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }, encoding: 'utf8' },
  )
  if (status !== 0) {
    rmSync(making, { recursive: true, force: true })
    throw new Error(`npm's Chromium could not be unpacked: ${stderr}`)
  }
  try {
    renameSync(making, home)
  } catch (error) {
    if (!existsSync(home)) throw error
    rmSync(making, { recursive: true, force: true })
  }
  return home
}

/** Writes the font settings, one family for everything, and gives their path. */
function fontsConf(): string {
  const folder = join(tmpdir(), 'haochaping-fonts')
  mkdirSync(folder, { recursive: true })
  const fonts = ['400Regular', '700Bold'].map(
    (name) => `<dir>${join(modules, '@expo-google-fonts/noto-sans-sc', name)}</dir>`,
  )
  const aliases = ['sans-serif', 'serif', 'monospace', 'system-ui'].map(
    (name) => `<alias><family>${name}</family><prefer><family>Noto Sans SC</family></prefer></alias>`,
  )
  const path = join(folder, 'fonts.conf')
  const settings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  ${[...fonts, ...aliases].join('\n  ')}
  <cachedir>${join(folder, 'cache')}</cachedir>
</fontconfig>
`
  // A browser that runs already may be reading it.
  if (!existsSync(path) || readFileSync(path, 'utf8') !== settings) writeFileSync(path, settings)
  return path
}
