import { CarrierError } from '../notifications.port.ts'

const TIMEOUT_MS = 10_000

/** A carrier's answer; `json` is null when it is none. */
export interface Answer {
  status: number
  json: unknown
}

/**
 * Asks a carrier over HTTP.
 * @throws CarrierError unreachable, timeout; never with the address asked, which may hold a token
 */
export async function exchange(url: string, init: RequestInit, timeout = TIMEOUT_MS): Promise<Answer> {
  try {
    const response = await fetch(url, { redirect: 'error', ...init, signal: AbortSignal.timeout(timeout) })
    const text = await response.text()
    return { status: response.status, json: parsed(text) }
  } catch (error) {
    throw new CarrierError((error as Error).name === 'TimeoutError' ? 'timeout' : 'unreachable')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A value of an answer by its path, like `data.code`, as text; '' when there is none. */
export function valueAt(json: unknown, path: string): string {
  let at: unknown = json
  for (const name of path.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? String(at) : ''
}

/** What a carrier calls its refusal, as far as it is a code and not a sentence. */
export const codeIn = (text: string, otherwise: string): string =>
  /^[A-Za-z0-9._^-]{1,64}$/.test(text) ? text : otherwise
