import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** How the mail server takes the next mail: at which step it refuses, and with which code. */
export interface Mood {
  refuse?: { at: 'connect' | 'recipient' | 'data'; code: number }
  /** never answers the greeting */
  silent?: boolean
}

export const MAIL_USER = 'hcp'
export const MAIL_PASSWORD = 'mail-geheim'

const refusal = (code: number) =>
  Object.assign(new Error('<somebody@example.cn> is not welcome'), { responseCode: code })

/** A mail server on loopback that keeps what it is given, and fails on purpose. */
export async function startMailServer() {
  const mails: { to: string[]; content: string }[] = []
  let mood: Mood = {}
  const refused = (at: string) => (mood.refuse?.at === at ? refusal(mood.refuse.code) : null)
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onConnect: (_session, done) => (mood.silent ? undefined : done(refused('connect'))),
    onAuth: ({ username, password }, _session, done) =>
      username === MAIL_USER && password === MAIL_PASSWORD
        ? done(null, { user: username })
        : done(new Error('no')),
    onRcptTo: (_address, _session, done) => done(refused('recipient')),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const error = refused('data')
        const to = session.envelope.rcptTo.map((one) => one.address)
        if (!error) mails.push({ to, content: Buffer.concat(chunks).toString('utf8') })
        done(error)
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://${MAIL_USER}@127.0.0.1:${port}`,
    mails,
    be(next: Mood) {
      mood = next
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
