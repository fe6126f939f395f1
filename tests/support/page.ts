import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from './app.ts'

/** A citizen's browser with scripts switched off: follows nothing, runs nothing, keeps cookies. */
export function aCitizen(t: TestApp) {
  const cookies: Record<string, string> = {}
  const keep = (answer: LightMyRequestResponse) => {
    for (const cookie of answer.cookies)
      if (cookie.value === '') delete cookies[cookie.name]
      else cookies[cookie.name] = cookie.value
    return answer
  }
  const headers = { accept: 'text/html,application/xhtml+xml' }
  return {
    open: async (url: string) => keep(await t.server.inject({ method: 'GET', url, headers, cookies })),
    /** Sends a form as a browser does. */
    send: async (url: string, fields: Record<string, string | string[]>) => {
      const body = new URLSearchParams(
        Object.entries(fields).flatMap(([name, value]) => [value].flat().map((v) => [name, v])),
      )
      return keep(
        await t.server.inject({
          method: 'POST',
          url,
          cookies,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          payload: body.toString(),
        }),
      )
    },
  }
}

/** One control of a page, by its attributes; a bare attribute is ''. */
export type Control = Record<string, string>

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
/** Text as a reader sees it. */
export const plain = (html: string) =>
  html.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)

/** The input elements of a page. */
export const inputsOf = (html: string): Control[] =>
  [...html.matchAll(/<input\b([^>]*)>/g)].map(([, attributes]) =>
    Object.fromEntries(
      [...attributes!.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value]) => [
        name,
        plain(value ?? ''),
      ]),
    ),
  )

/** What a form would send if its button were pressed now, without the choices not made. */
export function formFields(html: string): Record<string, string> {
  const entries = inputsOf(html)
    .filter((input) => !['radio', 'checkbox'].includes(input.type ?? '') || 'checked' in input)
    .map((input) => [input.name ?? '', input.value ?? 'on'])
  const areas = [...html.matchAll(/<textarea\b[^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g)]
  return Object.fromEntries([...entries, ...areas.map(([, name, value]) => [name, plain(value ?? '')])])
}
