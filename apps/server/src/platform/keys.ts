import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Config, ConfigError } from './config.ts'
import type { Keyring } from './crypto/sealer.ts'
import { generateSm2KeyPair, loadSm2Signer, type Sm2Signer } from './crypto/sm2.ts'

const Hex32 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const KeysFile = Type.Object({
  /** demo keys are refused in production mode */
  kind: Type.Union([Type.Literal('demo'), Type.Literal('production')]),
  /** derives tokens, identifiers and database passwords */
  master: Hex32,
  /** key-encryption keys of personal data by id; the current one wraps, the others only unwrap */
  currentKek: Type.String({ minLength: 1 }),
  keks: Type.Record(Type.String(), Hex32),
  /** keyed look-ups by phone and ID number */
  index: Hex32,
  /** SM2 private key (PKCS#8 PEM) that signs checkpoints */
  checkpointKey: Type.String(),
})

/** Secrets, ready to use. */
export interface Keys {
  kind: 'demo' | 'production'
  keyring: Keyring
  signer: Sm2Signer
  /** A 32-byte key for one purpose, derived from the master secret (HMAC-SM3). */
  derive(purpose: string): Buffer
}

/** Makes a new set of secrets as it stands in a keys file. */
export function generateKeys(kind: 'demo' | 'production'): Static<typeof KeysFile> {
  const hex = () => randomBytes(32).toString('hex')
  return {
    kind,
    master: hex(),
    currentKek: 'kek-1',
    keks: { 'kek-1': hex() },
    index: hex(),
    checkpointKey: generateSm2KeyPair().privatePem,
  }
}

/**
 * Loads the secrets; in demo mode makes them on first use in `<dataDir>/demo-keys.json`.
 * @throws ConfigError when production runs without keys of its own, on demo keys, or on an unreadable file.
 */
export function loadKeys(config: Config): Keys {
  const path = config.keysFile || join(config.dataDir, 'demo-keys.json')
  if (config.mode === 'production' && !config.keysFile)
    throw new ConfigError(
      'HAOCHAPING_KEYS_FILE is not set: production mode needs secrets of its own. Make them with `haochaping keys generate FILE`.',
    )
  if (!existsSync(path)) {
    if (config.keysFile) throw new ConfigError(`HAOCHAPING_KEYS_FILE=${path}: no such file`)
    writeKeys(path, 'demo')
  }
  const named = config.keysFile ? `HAOCHAPING_KEYS_FILE=${path}` : path
  const file = readKeys(path)
  if (!file)
    throw new ConfigError(`${named}: not a keys file. Make one with \`haochaping keys generate FILE\`.`)
  if (config.mode === 'production' && file.kind !== 'production')
    throw new ConfigError(
      `${named}: holds demo secrets, which production mode refuses. Make others with \`haochaping keys generate FILE\`.`,
    )
  return openKeys(file)
}

function readKeys(path: string): Static<typeof KeysFile> | null {
  try {
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!Value.Check(KeysFile, file) || !Object.hasOwn(file.keks, file.currentKek)) return null
    loadSm2Signer(file.checkpointKey)
    return file
  } catch {
    return null
  }
}

/**
 * Writes a new keys file that only its owner can read.
 * @throws ConfigError when there is such a file already: overwriting it would lose every sealed name and number
 */
export function writeKeys(path: string, kind: 'demo' | 'production'): void {
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, `${JSON.stringify(generateKeys(kind), null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new ConfigError(
      `${path} exists already and is never overwritten: personal data sealed with it would be lost`,
    )
  }
}

/** Turns the contents of a keys file into usable keys. */
export function openKeys(file: Static<typeof KeysFile>): Keys {
  const master = Buffer.from(file.master, 'hex')
  return {
    kind: file.kind,
    keyring: {
      currentKekId: file.currentKek,
      keks: new Map(Object.entries(file.keks).map(([id, hex]) => [id, Buffer.from(hex, 'hex')])),
      indexKey: Buffer.from(file.index, 'hex'),
    },
    signer: loadSm2Signer(file.checkpointKey),
    derive: (purpose) => createHmac('sm3', master).update(purpose).digest(),
  }
}
