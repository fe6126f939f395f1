import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../../tests/support/app.ts'

let t: TestApp
beforeAll(async () => {
  t = await testApp()
})
afterAll(() => t.close())

describe('the description of the interface', () => {
  it('lists every route a program may call, with what it takes', async () => {
    const answer = await t.server.inject({ method: 'GET', url: '/openapi.json' })
    expect(answer.statusCode).toBe(200)
    const { openapi, paths } = answer.json<{
      openapi: string
      paths: Record<string, Record<string, object>>
    }>()
    expect(openapi).toMatch(/^3\.1/)
    for (const { method, url } of t.server.routeTable.filter((route) => route.url.startsWith('/api/'))) {
      const path = url.replace(/:(\w+)/g, '{$1}')
      expect(paths[path]?.[method.toLowerCase()], `${method} ${path}`).toBeDefined()
    }
    expect(JSON.stringify(paths['/api/v1/affairs/visits'])).toContain('affairNumber')
    expect(JSON.stringify(paths['/api/v1/affairs/visits'])).toContain('x-hcp-signature')
    expect(JSON.stringify(paths['/api/v1/evaluations'])).toContain('submissionId')
  })

  it('is itself well-formed: every parameter of a path is described', async () => {
    const { paths } = (await t.server.inject({ method: 'GET', url: '/openapi.json' })).json<{
      paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>
    }>()
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { parameters = [] }] of Object.entries(methods))
        expect(
          parameters.filter((p) => p.in === 'path').map((p) => p.name),
          `${method} ${path}`,
        ).toEqual(
          path.startsWith('/api/')
            ? [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
            : expect.anything(),
        )
  })
})
