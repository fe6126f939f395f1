import { connect, type Socket } from 'node:net'

/**
 * One kept-open HTTP/1.1 connection that sends prepared bytes and reads the answer's status. So little is done here
 * because the load shares the machine with what is measured.
 */
export interface RawConnection {
  send(request: Buffer): Promise<number>
  close(): void
}

/** Opens a connection to the program. */
export const openRaw = (port: number): Promise<RawConnection> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(talk(socket))
    })
  })

function talk(socket: Socket): RawConnection {
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  let received = ''
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = null
  }
  // One character a byte, so that lengths are those of the wire.
  socket.setEncoding('latin1')
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  socket.on('data', (chunk) => {
    received += chunk
    const head = received.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = /content-length: (\d+)/i.exec(received.slice(0, head))
    if (!length) return fail(new Error(`an answer without a length: ${received.slice(0, head)}`))
    if (received.length < head + 4 + Number(length[1])) return
    const status = Number(received.slice(9, 12))
    received = ''
    const { resolve } = waiting ?? {}
    waiting = null
    resolve?.(status)
  })
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}
