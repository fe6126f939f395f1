import { createHmac, randomUUID } from 'node:crypto'

/** The key of a business system that may report visits. */
export interface PartnerKey {
  keyId: string
  secret: string
}

/** What a reported visit is answered with. */
export interface InvitationAnswer {
  affairNumber: string
  status: 'invited' | 'already-invited' | 'refused'
  token: string
  url: string
  qr?: string
  problem?: { code: string; detail: string }
}

/**
 * Reports visits as a business system does, signed as the interface says (HMAC-SM3); written from its description,
 * not with the server's own code.
 * @throws Error when the batch or one of its visits is refused.
 */
export async function reportVisits(
  url: string,
  key: PartnerKey,
  visits: Record<string, unknown>[],
): Promise<InvitationAnswer[]> {
  const path = '/api/v1/affairs/visits'
  const body = JSON.stringify({ visits })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = randomUUID()
  const signature = createHmac('sm3', Buffer.from(key.secret, 'hex'))
    .update(`${timestamp}\n${nonce}\nPOST\n${path}\n${body}`)
    .digest('hex')
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hcp-key': key.keyId,
      'x-hcp-timestamp': timestamp,
      'x-hcp-nonce': nonce,
      'x-hcp-signature': signature,
    },
    body,
  })
  if (!answer.ok) throw new Error(`visits were refused: ${answer.status} ${await answer.text()}`)
  const { answers } = (await answer.json()) as { answers: InvitationAnswer[] }
  const refused = answers.find((a) => a.status === 'refused')
  if (refused) throw new Error(`visit ${refused.affairNumber} was refused: ${refused.problem?.detail}`)
  return answers
}
