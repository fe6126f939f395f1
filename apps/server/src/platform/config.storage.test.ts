import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

describe('the storage of files', () => {
  const S3 = {
    HAOCHAPING_STORAGE: 's3',
    HAOCHAPING_S3_BUCKET: 'http://store.example.cn/evidence',
    HAOCHAPING_S3_ACCESS_KEY: 'access',
    HAOCHAPING_S3_SECRET_KEY: 'geheim',
  }
  const production = (env: Record<string, string>) => () =>
    loadConfig({ HAOCHAPING_MODE: 'production', ...env })

  it('is a disk unless said otherwise', () => {
    expect(loadConfig({})).toMatchObject({ storage: 'disk', fileLimit: 10 })
    expect(loadConfig(S3)).toMatchObject({ storage: 's3', s3Region: 'us-east-1' })
  })
  it.each(['HAOCHAPING_S3_BUCKET', 'HAOCHAPING_S3_ACCESS_KEY', 'HAOCHAPING_S3_SECRET_KEY'])(
    'is no store without %s',
    (name) => expect(() => loadConfig({ ...S3, [name]: '' })).toThrow(`${name} is not set`),
  )
  it('is reached through TLS in production', () => {
    expect(production(S3)).toThrow('https://')
    expect(production({ ...S3, HAOCHAPING_S3_BUCKET: 'https://store.example.cn/evidence' })).not.toThrow()
  })
  it('is refused when it is named and not used, without a word of its secret', () => {
    expect(() => loadConfig({ HAOCHAPING_S3_SECRET_KEY: 'geheim' })).toThrow(
      'HAOCHAPING_S3_SECRET_KEY is set',
    )
    expect(() => loadConfig({ HAOCHAPING_S3_SECRET_KEY: 'geheim' })).not.toThrow('geheim')
  })
  it.each([
    ['HAOCHAPING_STORAGE', 'tape'],
    ['HAOCHAPING_S3_BUCKET', 'store.example/bucket'],
    ['HAOCHAPING_FILE_LIMIT_MB', '0'],
  ])('%s=%s is refused by its name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name)
  })
})
