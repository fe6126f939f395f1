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
    const answers = makeReader()
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      // Read into one piece of memory, again and again, rather than into a new one for each answer.
      onread: { buffer: Buffer.alloc(16 * 1024), callback: answers.take },
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(talk(socket, answers))
    })
  })

const END_OF_HEAD = Buffer.from('\r\n\r\n')
const LENGTH = Buffer.from('\r\ncontent-length: ')

/** Puts answers together from what comes in, and tells their status. */
function makeReader() {
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  let held: Buffer = Buffer.alloc(0)
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = null
  }
  return {
    fail,
    wait: () =>
      new Promise<number>((resolve, reject) => {
        waiting = { resolve, reject }
      }),
    take(size: number, memory: Uint8Array): boolean {
      const fresh = Buffer.from(memory.buffer, memory.byteOffset, size)
      const bytes = held.length > 0 ? Buffer.concat([held, fresh]) : fresh
      const head = bytes.indexOf(END_OF_HEAD)
      const length = bytes.indexOf(LENGTH)
      if (head >= 0 && (length < 0 || length > head)) {
        fail(new Error(`an answer without a length: ${bytes.toString('latin1', 0, head)}`))
        return true
      }
      const from = length + LENGTH.length
      const body = head < 0 ? 0 : Number.parseInt(bytes.toString('latin1', from, from + 8), 10)
      if (head < 0 || bytes.length < head + 4 + body) {
        held = Buffer.from(bytes)
        return true
      }
      held = Buffer.alloc(0)
      const { resolve } = waiting ?? {}
      waiting = null
      resolve?.(Number(bytes.toString('latin1', 9, 12)))
      return true
    },
  }
}

function talk(socket: Socket, { wait, fail }: ReturnType<typeof makeReader>): RawConnection {
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  return {
    send: (request) => {
      const answered = wait()
      socket.write(request)
      return answered
    },
    close: () => socket.destroy(),
  }
}
