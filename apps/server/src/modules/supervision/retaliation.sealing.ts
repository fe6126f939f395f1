import { openFields, sealFields } from '../../platform/crypto/sealer.ts'
import { openBytes } from '../../platform/crypto/sm.ts'
import type { Keys } from '../../platform/keys.ts'

/** Which report a text is of; it opens nowhere else. */
export interface TextOwner {
  evaluation_id: string
  report_id: string
}

const ownerOf = ({ evaluation_id, report_id }: TextOwner) => `retaliation ${evaluation_id} ${report_id}`
/** Reports of the first version were sealed under one key derived from the master; they had no dot. */
const formerContext = ({ evaluation_id, report_id }: TextOwner, field: string) =>
  Buffer.from(`retaliation\n${evaluation_id}\n${report_id}\n${field}`)

/**
 * Texts of reports of retaliation, sealed as personal data is: each under a data key of its own, wrapped by the current
 * key-encryption key, whose id stands with it. A new key seals what comes after it; an old one still opens.
 */
export function makeReportSealing({ keyring, derive }: Keys) {
  return {
    /** A text as it is stored: '<key id>.<wrapped data key>.<sealed text>'. */
    seal(owner: TextOwner, field: string, text: string): string {
      const { kekId, wrappedKey, fields } = sealFields(keyring, ownerOf(owner), { [field]: text })
      return [kekId, wrappedKey.toString('base64url'), fields[field]!.toString('base64url')].join('.')
    },
    /** @throws SealError when key, report or field differ, or any byte was changed */
    open(owner: TextOwner, field: string, stored: string): string {
      const parts = stored.split('.')
      if (parts.length < 3)
        return openBytes(
          derive('retaliation'),
          Buffer.from(stored, 'base64'),
          formerContext(owner, field),
        ).toString('utf8')
      const [wrapped = '', sealed = ''] = parts.splice(-2)
      const opened = openFields(keyring, ownerOf(owner), {
        kekId: parts.join('.'),
        wrappedKey: Buffer.from(wrapped, 'base64url'),
        fields: { [field]: Buffer.from(sealed, 'base64url') },
      })
      return opened[field] ?? ''
    },
  }
}
