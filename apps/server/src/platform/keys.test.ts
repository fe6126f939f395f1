import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from './config.ts'
import { openFields, sealFields } from './crypto/sealer.ts'
import { sm2Verify } from './crypto/sm2.ts'
import { generateKeys, loadKeys, openKeys, writeKeys } from './keys.ts'

const root = mkdtempSync(join(tmpdir(), 'haochaping-keys-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'))
})

const load = (env: Record<string, string> = {}) =>
  loadKeys(loadConfig({ HAOCHAPING_DATA_DIR: folder, ...env }))
const file = (content: unknown, name = 'keys.json') => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('the secrets', () => {
  it('are made on first use in demo mode, for their owner’s eyes only, and are the same ever after', () => {
    const [first, second] = [load(), load()]
    const path = join(folder, 'demo-keys.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(first.kind).toBe('demo')
    expect(second.signer.keyId).toBe(first.signer.keyId)
    const sealed = sealFields(first.keyring, 'o', { name: '张三' })
    expect(openFields(second.keyring, 'o', sealed)).toEqual({ name: '张三' })
    const signature = first.signer.sign(Buffer.from('x'))
    expect(sm2Verify(second.signer.publicKeyHex, Buffer.from('x'), signature)).toBe(true)
  })

  it('for different purposes are different, and the same for the same', () => {
    const keys = load()
    expect(keys.derive('a').length).toBe(32)
    expect(keys.derive('a').equals(keys.derive('a'))).toBe(true)
    expect(keys.derive('a').equals(keys.derive('b'))).toBe(false)
    expect(keys.derive('a').equals(openKeys(generateKeys('demo')).derive('a'))).toBe(false)
  })

  it('of two installations have nothing in common', () => {
    const [a, b] = [generateKeys('production'), generateKeys('production')]
    expect([a.master === b.master, a.index === b.index, a.checkpointKey === b.checkpointKey]).toEqual([
      false,
      false,
      false,
    ])
    expect(a.keks[a.currentKek]).not.toBe(b.keks[b.currentKek])
  })

  it('are never overwritten', () => {
    const path = join(folder, 'deep', 'keys.json')
    writeKeys(path, 'production')
    const before = readFileSync(path, 'utf8')
    expect(() => writeKeys(path, 'production')).toThrow(ConfigError)
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})

describe('production mode', () => {
  const production = (path?: string) =>
    load({ HAOCHAPING_MODE: 'production', ...(path && { HAOCHAPING_KEYS_FILE: path }) })

  it('refuses to run without secrets of its own', () => {
    expect(() => production()).toThrow(/HAOCHAPING_KEYS_FILE is not set/)
    load()
    expect(() => production()).toThrow(/HAOCHAPING_KEYS_FILE is not set/)
  })
  it('refuses demo secrets', () => {
    load()
    expect(() => production(join(folder, 'demo-keys.json'))).toThrow(/demo secrets/)
    expect(() => production(file(generateKeys('demo')))).toThrow(ConfigError)
  })
  it('takes secrets made for it', () => {
    expect(production(file(generateKeys('production'))).kind).toBe('production')
  })
})

describe('a keys file', () => {
  const good = generateKeys('production')
  it.each<[string, unknown]>([
    ['is empty', ''],
    ['is not JSON', '{"kind":'],
    ['is something else', []],
    ['has no kind', { ...good, kind: undefined }],
    ['has a kind nobody knows', { ...good, kind: 'test' }],
    ['has a master that is too short', { ...good, master: good.master.slice(2) }],
    ['has a master that is no hex', { ...good, master: 'x'.repeat(64) }],
    ['has no index key', { ...good, index: undefined }],
    ['has no key-encryption key', { ...good, keks: {} }],
    ['names a current key that it does not hold', { ...good, currentKek: 'kek-2' }],
    ['names a current key that every object has', { ...good, currentKek: 'toString' }],
    ['has a key-encryption key of the wrong length', { ...good, keks: { 'kek-1': 'ab' } }],
    ['has no checkpoint key', { ...good, checkpointKey: undefined }],
    ['has a checkpoint key that is none', { ...good, checkpointKey: 'secret' }],
    [
      'has a public key for a checkpoint key',
      { ...good, checkpointKey: good.checkpointKey.replaceAll('PRIVATE', 'PUBLIC') },
    ],
  ])('that %s is refused by name, and the refusal holds none of it', (_what, content) => {
    const path = file(content)
    let message = ''
    try {
      load({ HAOCHAPING_KEYS_FILE: path })
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      message = (error as Error).message
    }
    expect(message).toContain(path)
    for (const secret of [good.master, good.index, good.checkpointKey]) expect(message).not.toContain(secret)
  })

  it('that is named but not there is not made up', () => {
    expect(() => load({ HAOCHAPING_KEYS_FILE: join(folder, 'none.json') })).toThrow(/no such file/)
  })

  it('with older key-encryption keys still opens what they sealed', () => {
    const before = openKeys(good)
    const sealed = sealFields(before.keyring, 'o', { phone: '13812345678' })
    const after = openKeys({ ...good, currentKek: 'kek-2', keks: { ...good.keks, 'kek-2': 'ab'.repeat(32) } })
    expect(openFields(after.keyring, 'o', sealed)).toEqual({ phone: '13812345678' })
    expect(sealFields(after.keyring, 'o', { name: 'x' }).kekId).toBe('kek-2')
  })
})
