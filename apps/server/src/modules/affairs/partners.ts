import { randomBytes } from 'node:crypto'
import type { App } from '../../platform/context.ts'
import { openFields, sealFields } from '../../platform/crypto/sealer.ts'
import * as store from './affairs.store.ts'

/** A business system that may report visits. */
export interface Partner {
  keyId: string
  source: string
  name: string
  secret: Buffer
}

/** The keys of business systems, and the nonces that keep their requests from being replayed. */
export const makePartners = (app: App) => ({
  /** The active key of a partner with its secret opened; null when there is none. */
  async partner(keyId: string): Promise<Partner | null> {
    const row = await store.partnerKey(app.db.intake, keyId)
    if (!row) return null
    const { secret } = openFields(app.keys.keyring, row.key_id, {
      kekId: row.kek_id,
      wrappedKey: row.wrapped_key,
      fields: { secret: row.sealed_secret },
    })
    return { keyId, source: row.source, name: row.name, secret: Buffer.from(secret ?? '', 'hex') }
  },
  /** Makes a key for a business system; gives the secret (hex), which is shown this once. */
  async createPartner(
    keyId: string,
    source: string,
    name: string,
    secret = randomBytes(32).toString('hex'),
  ): Promise<string> {
    const sealed = sealFields(app.keys.keyring, keyId, { secret })
    await store.insertPartnerKey(app.db.system, {
      key_id: keyId,
      source,
      name,
      kek_id: sealed.kekId,
      wrapped_key: sealed.wrappedKey,
      sealed_secret: sealed.fields.secret!,
      created_at: app.clock(),
    })
    return secret
  },
  useNonce: (keyId: string, nonce: string) => store.useNonce(app.db.intake, keyId, nonce, app.clock()),
  /** Forgets nonces older than the window in which a timestamp is accepted. */
  sweep: () => store.forgetNonces(app.db.system, new Date(app.clock().getTime() - 20 * 60_000)),
})
