import { describe, expect, it } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useQueryFilters } from './useQueryFilters.ts'

/** A list at an address, and how its filters change the address. */
async function listAt(address: string) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/list', component: {} }],
  })
  await router.push(address)
  const app = createApp({})
  app.use(router)
  const filters = app.runWithContext(() => useQueryFilters(['region', 'level'], { pageSize: 50 }))
  /** Does something and gives the address it led to. */
  const after = async (change: () => void): Promise<string> => {
    const changed = new Promise<void>((done) => {
      const stop = router.afterEach(() => {
        stop()
        done()
      })
    })
    change()
    await changed
    return router.currentRoute.value.fullPath
  }
  return { filters, router, after }
}

describe('filters in the address', () => {
  it('are read from it; what is empty, or there twice, is not a filter or its first', async () => {
    const { filters } = await listAt('/list?region=r1&region=r2&level=&page=3&other=x')
    expect(filters.values).toEqual({ region: 'r1', level: undefined })
    expect(filters.active).toBe(1)
    expect(filters.query).toEqual({ region: 'r1', level: undefined, page: 3, pageSize: 50 })
  })
  it.each(['0', '-1', 'x', ''])('a page that cannot be is the first: %j', async (page) => {
    expect((await listAt(`/list?page=${page}`)).filters.page).toBe(1)
  })
  it('go back to the first page when one changes, and keep what is not theirs', async () => {
    const { filters, after } = await listAt('/list?region=r1&page=3&after=abc&view=mine')
    expect(await after(() => filters.set({ level: '1' }))).toBe('/list?region=r1&view=mine&level=1')
    expect(await after(() => filters.clear())).toBe('/list?view=mine')
  })
  it('leave no trace of the first page and the usual size', async () => {
    const { filters, after } = await listAt('/list?region=r1')
    expect(await after(() => filters.setPage(2))).toBe('/list?region=r1&page=2')
    expect(await after(() => filters.setPage(1))).toBe('/list?region=r1')
    expect(await after(() => filters.setPageSize(100))).toBe('/list?region=r1&pageSize=100')
    expect(await after(() => filters.setPageSize(50))).toBe('/list?region=r1')
  })
  it('going on after a row can be gone back from; a filter set replaces where one is', async () => {
    const { filters, router, after } = await listAt('/list?region=r1')
    expect(await after(() => filters.turn('abc'))).toBe('/list?region=r1&after=abc')
    expect(filters.after).toBe('abc')
    expect(await after(() => filters.turn('def'))).toBe('/list?region=r1&after=def')
    expect(await after(() => router.back())).toBe('/list?region=r1&after=abc')
    expect(await after(() => filters.set({ region: undefined }))).toBe('/list')
    expect(filters.after).toBeUndefined()
    expect(await after(() => router.back())).toBe('/list?region=r1')
  })
})
