import { randomUUID } from 'node:crypto'
import type { VisitReport } from '../../apps/server/src/modules/affairs/affairs.schema.ts'
import { partnerSignature } from '../../apps/server/src/modules/affairs/partner-signature.ts'
import type { TestApp } from './app.ts'
import { DONGHU } from './longming.ts'

let count = 0
/** An affair number nobody else in the test file has. */
export const anAffairNumber = () => `LM2026-${String(++count).padStart(6, '0')}`

/** A visit at the window of 东湖区公安局, just handled, of an applicant whose phone is known. */
export const aVisit = (over: Partial<VisitReport> = {}): VisitReport => ({
  affairNumber: anAffairNumber(),
  visitNumber: 1,
  stage: '办结',
  onSite: true,
  itemCode: DONGHU.item,
  windowCode: DONGHU.window,
  staffNumber: DONGHU.staff,
  applicantType: '1',
  applicant: { name: '赵小兰', idNumber: '990101199003072344', phone: '13812345678' },
  servedAt: '2026-11-24T09:50:00+08:00',
  ...over,
})

/** The same without a window: handled online. */
export function anOnlineVisit(over: Partial<VisitReport> = {}): VisitReport {
  const { windowCode: _window, staffNumber: _staff, ...visit } = aVisit()
  return { ...visit, onSite: false, platformCode: 'lm-web', ...over }
}

/** What a signed request can have wrong with it. */
export interface Tampering {
  timestamp?: string
  nonce?: string
  signature?: string
  keyId?: string
  /** sent instead of what was signed */
  body?: string
}

/** A business system with a key of its own, which signs what it sends over HTTP. */
export async function aPartner(t: TestApp, keyId = `key-${randomUUID().slice(0, 8)}`) {
  const secret = await t.services.affairs.createPartner(keyId, `source-${keyId}`, '长明综合窗口系统')
  const send = (url: string, payload: unknown, wrong: Tampering = {}) => {
    const body = JSON.stringify(payload)
    const timestamp = wrong.timestamp ?? String(Math.floor(t.clock.now.getTime() / 1000))
    const nonce = wrong.nonce ?? randomUUID()
    const signature =
      wrong.signature ?? partnerSignature(Buffer.from(secret, 'hex'), timestamp, nonce, 'POST', url, body)
    return t.server.inject({
      method: 'POST',
      url,
      payload: wrong.body ?? body,
      headers: {
        'content-type': 'application/json',
        'x-hcp-key': wrong.keyId ?? keyId,
        'x-hcp-timestamp': timestamp,
        'x-hcp-nonce': nonce,
        'x-hcp-signature': signature,
      },
    })
  }
  return {
    keyId,
    secret,
    send,
    /** Reports one visit or a batch, signed. */
    report: (payload: unknown, wrong?: Tampering) => send('/api/v1/affairs/visits', payload, wrong),
  }
}
