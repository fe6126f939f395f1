/** By what a message leaves the house. */
export const MEDIA = ['sms', 'email', 'wechat'] as const
export type Medium = (typeof MEDIA)[number]
export const isMedium = (text: string): text is Medium => MEDIA.some((medium) => medium === text)

/** A message on its way. Address and link are in the clear here and nowhere else. */
export interface OutgoingMessage {
  messageId: string
  medium: Medium
  /** telephone number, e-mail address or WeChat openid */
  address: string
  /** subject of an e-mail */
  title: string
  body: string
  /** code of the template at the carrier, where a carrier wants one */
  carrierCode: string
  /** what stands in the placeholders, for carriers that put the words together themselves */
  params: Readonly<Record<string, string>>
}

/** Why a carrier did not take a message: a code for lists and logs, never the carrier's words, which quote addresses. */
export class CarrierError extends Error {
  readonly code: string
  /** trying again cannot help: this address will never get it */
  readonly final: boolean

  constructor(code: string, final = false) {
    super(`the message was not taken: ${code}`)
    this.code = code
    this.final = final
  }
}

/**
 * What carries messages out of the house. `send` resolves once the carrier has taken the message, with the carrier's
 * own number for it, and throws CarrierError when it has not. A message may come twice (same id) when an answer was
 * lost or the program killed between sending and noting it down.
 */
export interface Carrier {
  name: string
  send(message: OutgoingMessage): Promise<{ reference: string }>
}

/** What is set up; a medium without a carrier keeps its messages waiting. */
export type Carriers = Partial<Record<Medium, Carrier>>

/** The carrier of a demonstration: takes every message and sends none; the console shows them. */
export const localCarrier: Carrier = { name: 'local', send: async () => ({ reference: '' }) }
