/** A query as it goes into an address: what is undefined or empty is left out. */
export type Query = Record<string, string | number | boolean | undefined>

/** A refusal of the server: an RFC 9457 problem document. `message` is a Chinese sentence for the reader. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  /** what is wrong, by field; empty when the problem is not with a field */
  readonly fields: Record<string, string>

  constructor(status: number, code: string, detail: string, fields: Record<string, string> = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.fields = fields
  }
}

/** What the session tells the client: the token to send, and what to do when the server no longer knows us. */
export const client = {
  csrfToken: '',
  /** called on 401 not-signed-in, and on 403 must-change-password */
  onTurnedAway: (_problem: ApiProblem) => {},
}

const TURNED_AWAY = ['not-signed-in', 'must-change-password']

function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value))
  return search.size > 0 ? `${path}?${search}` : path
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const document: {
    code?: string
    detail?: string
    field?: string
    errors?: { field: string; message: string }[]
  } | null = await response.json().catch(() => null)
  if (typeof document?.detail !== 'string')
    return new ApiProblem(response.status, 'unreadable', '服务器的答复读不懂，请稍后重试。')
  const fields = Object.fromEntries((document.errors ?? []).map((e) => [e.field, e.message]))
  if (document.field) fields[document.field] ??= document.detail
  return new ApiProblem(response.status, document.code ?? '', document.detail, fields)
}

async function send(method: string, url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('accept', 'application/json')
  if (method !== 'GET') headers.set('x-csrf-token', client.csrfToken)
  let response: Response
  try {
    response = await fetch(url, { ...init, method, headers, credentials: 'same-origin' })
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error
    throw new ApiProblem(0, 'unreachable', '连接不上服务器，请检查网络后重试。您刚才的操作没有提交成功。')
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  if (TURNED_AWAY.includes(problem.code)) client.onTurnedAway(problem)
  throw problem
}

async function json<T>(method: string, path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(method, path, init)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const withBody = (body: unknown): RequestInit =>
  body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }

/**
 * The server, by its HTTP interface. Every call resolves to the JSON of the answer.
 * @throws ApiProblem for every refusal, also when the server cannot be reached
 */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    json<T>('GET', address(path, query), signal ? { signal } : {}),
  post: <T>(path: string, body?: unknown) => json<T>('POST', path, withBody(body)),
  put: <T>(path: string, body: unknown) => json<T>('PUT', path, withBody(body)),
  patch: <T>(path: string, body: unknown) => json<T>('PATCH', path, withBody(body)),
  delete: <T>(path: string) => json<T>('DELETE', path),
  /** A file that the server makes. */
  download: async (path: string) => (await send('GET', path, {})).blob(),
  /** Sends one file as the form field "file". */
  upload<T>(path: string, file: File, query?: Query) {
    const form = new FormData()
    form.append('file', file)
    return json<T>('POST', address(path, query), { body: form })
  },
}

/** Any failure as something that can be shown. */
export const asProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem(0, 'client', '页面出错了，请刷新后重试；若仍然出错，请联系系统管理员。')
