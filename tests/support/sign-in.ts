import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { SESSION_COOKIE } from '../../apps/server/src/modules/identity/guard.ts'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import type { TestApp } from './app.ts'
import { PASSWORD } from './longming.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A signed-in official's browser: the cookie, the CSRF token, and requests that carry both. */
export interface Browser {
  official: Official
  cookie: string
  csrfToken: string
  request(method: Method, url: string, more?: InjectOptions): Promise<LightMyRequestResponse>
  get(url: string): Promise<LightMyRequestResponse>
  post(url: string, payload: object): Promise<LightMyRequestResponse>
}

/** Signs an official of the test city in over HTTP. */
export async function signIn(t: TestApp, username: string, password = PASSWORD): Promise<Browser> {
  const answer = await t.server.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { username, password },
  })
  if (answer.statusCode !== 200) throw new Error(`${username} cannot sign in: ${answer.body}`)
  const { official, csrfToken } = answer.json<{ official: Official; csrfToken: string }>()
  const cookie = answer.cookies.find((c) => c.name === SESSION_COOKIE)?.value ?? ''
  const request: Browser['request'] = (method, url, more = {}) =>
    t.server.inject({
      method,
      url,
      ...more,
      cookies: { [SESSION_COOKIE]: cookie },
      headers: { 'x-csrf-token': csrfToken, ...more.headers },
    })
  return {
    official,
    cookie,
    csrfToken,
    request,
    get: (url) => request('GET', url),
    post: (url, payload) => request('POST', url, { payload }),
  }
}
