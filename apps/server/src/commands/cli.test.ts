import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { type TestApp, testApp } from '../../../../tests/support/app.ts'
import { runScript, startProgram } from '../../../../tests/support/program.ts'
import { projectRoot, SETTINGS } from '../platform/config.ts'
import { makeProgram } from './program.ts'

const root = projectRoot()
// Each command is a process that begins from nothing, on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 })
let folder: string
let t: TestApp
let env: Record<string, string>

beforeAll(async () => {
  const built = await runScript('scripts/build.mjs')
  if (built.code !== 0) throw new Error(built.printed)
  folder = mkdtempSync(join(tmpdir(), 'haochaping-cli-'))
  t = await testApp()
  env = {
    DATABASE_URL: t.ownerUrl,
    HAOCHAPING_DATA_DIR: folder,
    HAOCHAPING_KEYS_FILE: file('keys.json', inject('keysFile')),
    HAOCHAPING_POOL_SIZE: process.env.HAOCHAPING_POOL_SIZE ?? '2',
  }
})
afterAll(async () => {
  await t.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Runs the built program to its end. */
async function haochaping(args: string[], more: Record<string, string> = {}, input = '') {
  const child = spawn(process.execPath, [join(root, 'apps/server/dist/main.js'), ...args], {
    env: { ...process.env, ...env, ...more },
  })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', (chunk) => out.push(String(chunk)))
  child.stderr.on('data', (chunk) => err.push(String(chunk)))
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code, out: out.join(''), err: err.join('') }
}

describe('the command line', () => {
  it('says in one line that it does not know a command, and exits with 2', async () => {
    const { code, err } = await haochaping(['laedger'])
    expect(code).toBe(2)
    expect(err).toContain("unknown command 'laedger'")
  })

  it('names the setting that cannot be used, and exits with 2', async () => {
    const { code, err } = await haochaping(['db', 'migrate'], { PORT: 'eighty' })
    expect([code, err.trim().split('\n').length]).toEqual([2, 1])
    expect(err).toContain('PORT=eighty')
  })

  it('has help for every command', async () => {
    const { code, out } = await haochaping(['--help'])
    expect(code).toBe(0)
    const commands = makeProgram(() => {}).commands
    for (const command of commands) expect(out).toContain(command.name())
    for (const command of commands) {
      expect(command.description(), command.name()).toMatch(/\p{Script=Han}.*[a-z]/u)
      for (const sub of command.commands) expect(sub.description()).toMatch(/\p{Script=Han}.*[a-z]/u)
    }
    expect((await haochaping(['ledger', 'verify', '--help'])).code).toBe(0)
  })

  it('lists every setting', async () => {
    const { code, out } = await haochaping(['help', 'settings'])
    expect(code).toBe(0)
    for (const setting of Object.values(SETTINGS)) expect(out).toContain(setting.env)
  })
})

describe('import', () => {
  const HEADER = 'code,parent_code,name,kind,official,note\n'

  it('takes a file in order', async () => {
    const path = file('regions.csv', `${HEADER}220100000000,,长春市,city,true,\n`)
    const { code, out } = await haochaping(['import', 'regions', path])
    expect([code, out]).toEqual([0, expect.stringContaining('新增 1')])
  })

  it('names the line that is wrong, keeps nothing of the file, and exits with 1', async () => {
    const path = file(
      'regions-bad.csv',
      `${HEADER}220102000000,220100000000,南关区,district,true,\n220103,220100000000,宽城区,town,true,\n`,
    )
    const { code, out } = await haochaping(['import', 'regions', path])
    expect(code).toBe(1)
    expect(out).toContain('第 3 行')
    expect((await t.asOwner('select code from region')).rows).toEqual([{ code: '220100000000' }])
  })

  it('only checks when asked to', async () => {
    const path = file('regions-more.csv', `${HEADER}220102000000,220100000000,南关区,district,true,\n`)
    const { code, out } = await haochaping(['import', 'regions', path, '--dry-run'])
    expect([code, out]).toEqual([0, expect.stringContaining('没有写入')])
    expect((await t.asOwner('select code from region')).rowCount).toBe(1)
  })

  it('says what can be imported, and exits with 2, for anything else', async () => {
    const { code, out } = await haochaping(['import', 'towns', 'towns.csv'])
    expect([code, out]).toEqual([2, expect.stringContaining('organizations')])
  })
})

describe('accounts, partners and keys', () => {
  const create = ['account', 'create', 'admin', '--name', '管理员', '--role', 'system_administrator']

  it('an account takes its password from the standard input and must change it', async () => {
    const header = 'id,parent_id,name,short_name,kind,region_code,uscc,is_management_body,sort\n'
    const path = file('organizations.csv', `${header}ccs,,长春市,长春市,city,220100000000,,false,10\n`)
    expect((await haochaping(['import', 'organizations', path])).code).toBe(0)
    const weak = await haochaping([...create, '--organization', 'ccs'], {}, 'short\n')
    expect([weak.code, weak.err]).toEqual([1, expect.stringContaining('密码至少')])
    const { code } = await haochaping([...create, '--organization', 'ccs'], {}, 'Long-enough-1\n')
    expect(code).toBe(0)
    const { rows } = await t.asOwner('select username, must_change_password, demo from account')
    expect(rows).toEqual([{ username: 'admin', must_change_password: true, demo: false }])
  })

  it('a partner’s secret is all that is printed, once', async () => {
    const first = await haochaping(['partner', 'create', 'k1', 'hall', '大厅系统'])
    expect(first.out.trim()).toMatch(/^[0-9a-f]{64}$/)
    expect((await t.services.affairs.partner('k1'))?.secret.toString('hex')).toBe(first.out.trim())
    const again = await haochaping(['partner', 'create', 'k1', 'hall', '大厅系统'])
    expect([again.code, again.out]).toEqual([1, ''])
  })

  it('a keys file is its owner’s alone and is never overwritten', async () => {
    const path = join(folder, 'production.json')
    expect((await haochaping(['keys', 'generate', path])).code).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const before = readFileSync(path, 'utf8')
    expect(JSON.parse(before).kind).toBe('production')
    expect((await haochaping(['keys', 'generate', path])).code).toBe(2)
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

describe('the ledger', () => {
  it('is verified and rebuilt from, and a changed entry is named', async () => {
    await t.settle()
    const fine = await haochaping(['ledger', 'verify'])
    expect([fine.code, fine.out]).toEqual([0, expect.stringMatching(/核对无误.*ledger [1-9]/)])
    expect((await haochaping(['rebuild', 'statistics'])).code).toBe(0)
    const unknown = await haochaping(['rebuild', 'sealer'])
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('statistics')])
    const { rows } = await t.asOwner('select entry_id from ledger_leaf where position = 1')
    await t.asOwner('update journal_entry set actor = $1 where entry_id = $2', ['nobody', rows[0].entry_id])
    const wrong = await haochaping(['ledger', 'verify'])
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringContaining('position 1')])
  })
})

describe('production', () => {
  const production = () => ({
    HAOCHAPING_MODE: 'production',
    HAOCHAPING_PUBLIC_URL: 'https://hcp.example.cn',
    HAOCHAPING_KEYS_FILE: file(
      'keys-production.json',
      JSON.stringify({ ...JSON.parse(inject('keysFile')), kind: 'production' }),
    ),
  })

  it.each(['start', 'serve', 'work', 'import'])(
    '%s refuses a database that was used for a demo',
    async (name) => {
      const more = { ...production(), PORT: '0' }
      const { code, err, out } = await haochaping(name === 'import' ? ['import', 'city', '.'] : [name], more)
      expect(code, out).toBe(2)
      expect(err).toContain('demo data')
    },
  )

  it('refuses demo secrets, and to be without an address', async () => {
    const demo = await haochaping(['serve'], {
      ...production(),
      HAOCHAPING_KEYS_FILE: env.HAOCHAPING_KEYS_FILE!,
    })
    expect([demo.code, demo.err]).toEqual([2, expect.stringContaining('demo secrets')])
    const bare = await haochaping(['serve'], { ...production(), HAOCHAPING_PUBLIC_URL: '' })
    expect([bare.code, bare.err]).toEqual([2, expect.stringContaining('HAOCHAPING_PUBLIC_URL')])
  })

  it('has no demo pages and takes no demo data', async () => {
    const own = await testApp()
    try {
      const more = { ...env, ...production(), DATABASE_URL: own.ownerUrl }
      const program = await startProgram(['serve'], more)
      expect((await fetch(`${program.url}/demo`)).status).toBe(404)
      await program.stop()
      expect((await haochaping(['demo'], more)).code).toBe(2)
      const back = await haochaping(['demo'], { DATABASE_URL: own.ownerUrl })
      expect([back.code, back.err]).toEqual([2, expect.stringContaining('production use')])
    } finally {
      await own.close()
    }
  })
})

describe('serving', () => {
  it('ends within seconds, with 0, when asked to', async () => {
    const program = await startProgram(['serve'], env)
    const before = Date.now()
    await program.stop()
    expect(program.child.exitCode).toBe(0)
    expect(Date.now() - before).toBeLessThan(5_000)
  })

  it('does not begin on a port that is taken, and says which one to choose', async () => {
    const other = createServer().listen(0, '0.0.0.0')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { code, err } = await haochaping(['start'], { PORT: String(port) })
    other.close()
    expect([code, err.trim().split('\n').length]).toEqual([1, 1])
    expect(err).toContain(`PORT=${port + 1}`)
  })

  it('does not begin on a database that is not up to date', async () => {
    const { rows } = await t.asOwner("delete from schema_migration where name like '0006%' returning *")
    const { code, err } = await haochaping(['serve'])
    expect([code, err]).toEqual([2, expect.stringContaining('haochaping db migrate')])
    await t.asOwner('insert into schema_migration (name, digest) values ($1, $2)', [
      rows[0].name,
      rows[0].digest,
    ])
  })
})
