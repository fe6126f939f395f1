import type { FastifyRequest } from 'fastify'
import type { HttpServer } from '../../platform/http.ts'
import { forbidden, unauthorized } from '../../platform/problem.ts'
import type { IdentityService } from './identity.service.ts'
import type { Official } from './official.ts'
import type { Permission } from './permissions.ts'

export const SESSION_COOKIE = 'hcp_session'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** asked by the screen by itself: no sign that anybody is there, so the session still ends when it is idle */
    passive?: boolean
  }
  interface FastifyRequest {
    official?: Official
    csrfToken?: string
  }
}

/**
 * Checks what each route declares before its handler runs: session, CSRF token on every request that changes
 * something, permission. Row-level security is the second check.
 */
export function installGuard(server: HttpServer, identity: IdentityService): void {
  server.decorateRequest('official', undefined)
  server.decorateRequest('csrfToken', undefined)
  server.addHook('onRequest', async (request: FastifyRequest) => {
    const { access, passive = false } = request.routeOptions.config
    if (!access || access.kind === 'public' || access.kind === 'token' || access.kind === 'partner') return
    const secret = request.cookies[SESSION_COOKIE]
    const session = secret ? await identity.session(secret, passive) : null
    if (!session) throw unauthorized('not-signed-in', '请先登录。登录可能已超时。')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const given = request.headers['x-csrf-token']
      if (!identity.csrfMatches(typeof given === 'string' ? given : undefined, session.csrfToken))
        throw forbidden('csrf', '页面已过期，请刷新后重试。')
    }
    if (
      access.kind === 'permission' &&
      !session.official.permissions.includes(access.permission as Permission)
    )
      throw forbidden('not-allowed', '您的角色没有这项权限。')
    if (access.kind === 'permission' && session.official.mustChangePassword)
      throw forbidden('must-change-password', '请先修改初始密码。')
    request.official = session.official
    request.csrfToken = session.csrfToken
  })
}
