import type { FastifyRequest } from 'fastify'
import type { Frame } from './layout.tsx'

/** Cookie of the large-print version; it holds '1' or is not there. */
export const ELDER_COOKIE = 'elder'

/** The settings a page shows. */
export interface FrameConfig {
  mode: 'demo' | 'production'
  cityName: string
}

/** What the pages of this request share: `page({ ...frameOf(request, config), title, body })`. */
export const frameOf = (request: FastifyRequest, config: FrameConfig): Frame => ({
  mode: config.mode,
  city: config.cityName,
  elder: request.cookies?.[ELDER_COOKIE] === '1',
  path: request.url,
})

/**
 * A path of ours to go back to; anything that could lead to another site becomes '/'. Browsers read `//host`,
 * `/\host` and paths with tabs or line breaks in them as other hosts.
 */
export function localPath(given: unknown): string {
  if (typeof given !== 'string' || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(given)) return '/'
  return given.startsWith('/elder') ? '/' : given
}
