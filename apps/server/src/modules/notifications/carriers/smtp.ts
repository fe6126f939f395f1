import { createTransport } from 'nodemailer'
import { type Carrier, CarrierError } from '../notifications.port.ts'
import { codeIn } from './exchange.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** What the mail library says of a failure, as far as it is looked at. */
interface MailFault {
  code?: string
  responseCode?: number
}

/**
 * E-mail by SMTP, encrypted except to the machine itself. The Message-ID follows from the message's id, so that a
 * mail delivered twice is shown once.
 */
export function smtpCarrier(
  settings: { url: string; password: string; from: string },
  timeout = 10_000,
): Carrier {
  const { protocol, hostname, port, username } = new URL(settings.url)
  const secure = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !LOOPBACK.includes(hostname),
    ...(username && { auth: { user: decodeURIComponent(username), pass: settings.password } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    // What the templates say is ours, but an address must never make the library read a file or fetch a page.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([\w.-]+)>?\s*$/.exec(settings.from)?.[1] ?? hostname
  return {
    name: 'smtp',
    async send({ messageId, address, title, body }) {
      try {
        await transport.sendMail({
          from: settings.from,
          to: { name: '', address },
          subject: title,
          text: body,
          // Lines of any length in one piece: a link is never broken.
          textEncoding: 'base64',
          messageId: `<${messageId}@${domain}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        })
        return { reference: '' }
      } catch (error) {
        const { code = '', responseCode } = error as MailFault
        // A 5xx to the recipient or the mail itself is for good; one to our own signing in is ours to mend.
        const final = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500
        throw new CarrierError(responseCode ? `smtp-${responseCode}` : codeIn(code, 'smtp'), final)
      }
    },
  }
}
