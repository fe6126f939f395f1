import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import * as store from './invitations.store.ts'
import { deriveSecret, formatToken, hashSecret } from './tokens.ts'

/** What may be rated once: a visit on site (一次一评), or the whole affair online (一事一评). */
export interface Rateable {
  source: string
  affairNumber: string
  visitNumber: number
  onSite: boolean
}

/** An invitation ready to be stored and handed out. */
export interface IssuedInvitation {
  token: string
  url: string
  row: { evaluation_id: string; secret_hash: Buffer; visit_id: string; issued_at: Date; expires_at: Date }
}

export type InvitationsService = ReturnType<typeof makeInvitationsService>

/** Chances to rate: identifiers that refuse a second rating by themselves, and the tokens that lead to them. */
export function makeInvitationsService(app: App) {
  const ids = app.keys.derive('ids')
  const tokens = app.keys.derive('tokens')

  const visitId = (r: Rateable) => derivedUuid(ids, 'visit', r.source, r.affairNumber, String(r.visitNumber))
  const evaluationId = (r: Rateable) =>
    r.onSite
      ? derivedUuid(ids, 'evaluation', r.source, r.affairNumber, String(r.visitNumber), 'first')
      : derivedUuid(ids, 'evaluation', r.source, r.affairNumber, 'affair', 'first')

  const tokenFor = (evaluation: string, visit: string) =>
    formatToken({ evaluationId: evaluation, secret: deriveSecret(tokens, 'invitation', evaluation, visit) })
  const link = (token: string) => `${app.config.publicUrl}/r/${token}`

  return {
    visitId,
    evaluationId,
    link,
    /** The invitation of a visit; the same visit always gets the same token. */
    issue(r: Rateable, issuedAt: Date, expiresAt: Date): IssuedInvitation {
      const [evaluation_id, visit_id] = [evaluationId(r), visitId(r)]
      const secret = deriveSecret(tokens, 'invitation', evaluation_id, visit_id)
      const token = formatToken({ evaluationId: evaluation_id, secret })
      return {
        token,
        url: link(token),
        row: {
          evaluation_id,
          secret_hash: hashSecret(secret),
          visit_id,
          issued_at: issuedAt,
          expires_at: expiresAt,
        },
      }
    },
    /** Writes invitations inside the caller's transaction. */
    insert: store.insertInvitations,
    /** When the invitations that were handed out for these visits end, by visit. */
    expiries: async (visits: { evaluation_id: string; visit_id: string }[]): Promise<Map<string, Date>> =>
      visits.length === 0 ? new Map() : store.expiriesOf(app.db.intake, visits),
    /** The secret link of a receipt: the same rating always has the same. */
    receiptToken: (evaluation: string) =>
      formatToken({ evaluationId: evaluation, secret: deriveSecret(tokens, 'receipt', evaluation) }),
    receiptSecret: (evaluation: string) => deriveSecret(tokens, 'receipt', evaluation),
    receiptLink: (token: string) => `${app.config.publicUrl}/p/${token}`,
    /** The newest chance at a window that nobody has taken yet, served within the last `minutes`; for its tablet. */
    latestAtWindow: async (windowCode: string, minutes = 15) => {
      const since = new Date(app.clock().getTime() - minutes * 60_000)
      const row = await store.latestOpenAtWindow(app.db.intake, windowCode, since, app.clock())
      return row ? { token: tokenFor(row.evaluation_id, row.visit_id) } : null
    },
  }
}
