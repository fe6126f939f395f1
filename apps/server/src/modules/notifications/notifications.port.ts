/** A message on its way to a citizen. The phone number is in the clear here and nowhere else. */
export interface OutgoingMessage {
  messageId: string
  phone: string
  body: string
}

/**
 * What carries messages out of the house. `send` resolves once the carrier has taken the message and throws when it
 * has not. A message may come twice (same id) when the program was killed between sending and noting it down.
 */
export interface MessageProvider {
  name: string
  send(message: OutgoingMessage): Promise<void>
}

/** The carrier of a demonstration: takes every message and sends none; the console shows them. */
export const localProvider: MessageProvider = {
  name: 'local',
  send: async () => {},
}
