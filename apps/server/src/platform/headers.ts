const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

const POLICY = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
}

/**
 * What every answer tells browsers for safety's sake. Written down and not made by a library, which would work it
 * out anew for each answer.
 * @param secure whether the public address is https
 */
export const securityHeaders = (secure: boolean): Record<string, string> => ({
  'content-security-policy': Object.entries(POLICY)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join(';'),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  ...(secure && STRICT_TRANSPORT),
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  // The filter of old browsers could be turned against a page; off is safer.
  'x-xss-protection': '0',
})

/**
 * What of it matters for answers that are data and no page: that no browser takes them for one, frames them, or lets
 * another site read them. A program that sends a thousand ratings a second need not be told the rest each time.
 * @param secure whether the public address is https
 */
export const dataHeaders = (secure: boolean): Record<string, string> => ({
  ...(secure && STRICT_TRANSPORT),
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
})
