import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, checkServable, loadConfig, projectRoot, SETTINGS } from './config.ts'

describe('settings', () => {
  it('have values that work when nothing is set', () => {
    const config = loadConfig({})
    expect(config).toMatchObject({ port: 8080, mode: 'demo', publicUrl: 'http://localhost:8080' })
    expect(config.dataDir).toBe(join(projectRoot(), '.data'))
  })

  it('take an empty variable for one that is not set', () => {
    expect(loadConfig({ PORT: '', HAOCHAPING_MODE: '' })).toEqual(loadConfig({}))
  })

  it('are each explained', () => {
    for (const { env, explain } of Object.values(SETTINGS)) expect(explain, env).toMatch(/\w{4,}/)
  })

  it('log little to a person and more to a machine', () => {
    expect(loadConfig({}).logLevel).toBe('warn')
    expect(loadConfig({ HAOCHAPING_MODE: 'production' }).logLevel).toBe('info')
    expect(loadConfig({ LOG_LEVEL: 'debug' }).logLevel).toBe('debug')
  })

  it.each([
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['HAOCHAPING_MODE', 'test'],
    ['HAOCHAPING_PUBLIC_URL', 'hcp.example.cn'],
    ['HAOCHAPING_PUBLIC_URL', 'ftp://hcp.example.cn'],
    ['HAOCHAPING_PUBLIC_URL', 'https://hcp.example.cn/?a=1'],
    ['DATABASE_URL', 'mysql://a:b@c/d'],
    ['DATABASE_URL', 'postgres://host'],
    ['HAOCHAPING_POOL_SIZE', '0'],
    ['LOG_LEVEL', 'loud'],
    ['HAOCHAPING_TRUST_PROXY', '1.5'],
    ['HAOCHAPING_METRICS_TOKEN', 'too short'],
    ['HAOCHAPING_CITY_REGION', '2201'],
  ])('%s=%s is refused by its name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError)
    expect(() => loadConfig({ [name]: value })).toThrow(name)
  })

  it('never repeat a connection string, which holds a password', () => {
    expect(() => loadConfig({ DATABASE_URL: 'http://owner:geheim@db/x' })).not.toThrow('geheim')
  })
})

describe('production', () => {
  const check = (env: Record<string, string>) => () =>
    checkServable(loadConfig({ HAOCHAPING_MODE: 'production', ...env }), env)

  it('needs the address citizens use', () => {
    expect(check({})).toThrow('HAOCHAPING_PUBLIC_URL is not set')
  })
  it('takes an address only when it is encrypted', () => {
    expect(check({ HAOCHAPING_PUBLIC_URL: 'http://hcp.example.cn' })).toThrow('https://')
    expect(check({ HAOCHAPING_PUBLIC_URL: 'https://hcp.example.cn' })).not.toThrow()
  })
  it('may be tried on this machine without', () => {
    expect(check({ HAOCHAPING_PUBLIC_URL: 'http://localhost:8080' })).not.toThrow()
    expect(check({ HAOCHAPING_PUBLIC_URL: 'http://localhost.evil.cn' })).toThrow('https://')
  })
  it('is not asked of a demo', () => {
    expect(() => checkServable(loadConfig({}), {})).not.toThrow()
  })
})
