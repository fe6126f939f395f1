import type { App } from '../../platform/context.ts'
import { randomId } from '../../platform/ids.ts'
import { conflict, notFound } from '../../platform/problem.ts'
import type { Official } from '../identity/official.ts'
import * as store from './saved-views.store.ts'

const MOST = 20

/** The filters of a list, under a name: `query` is the address's own, without its question mark. */
export interface SavedView {
  id: string
  name: string
  query: string
}

export type SavedViewsService = ReturnType<typeof makeSavedViewsService>

/** Lists as each official likes to look at them. Nobody sees another's. */
export function makeSavedViewsService(app: App) {
  const db = app.db.system
  const show = (row: { view_id: string; name: string; query: string }): SavedView => ({
    id: row.view_id,
    name: row.name,
    query: row.query,
  })

  const list = async (official: Official, screen: string): Promise<SavedView[]> =>
    (await store.viewsOf(db, official.accountId, screen)).map(show)

  /**
   * Keeps the filters of a screen under a name; one of the same name is replaced.
   * @throws Problem 409 too-many-views beyond twenty a screen
   */
  async function save(official: Official, screen: string, name: string, query: string): Promise<SavedView> {
    const kept = await list(official, screen)
    if (kept.length >= MOST && !kept.some((view) => view.name === name))
      throw conflict('too-many-views', `一个页面最多保存 ${MOST} 个筛选，请先删去不用的。`)
    const row = {
      account_id: official.accountId,
      view_id: randomId(),
      screen,
      name,
      query,
      created_at: app.clock(),
    }
    return show(await store.putView(db, row))
  }

  /** @throws Problem 404 view-unknown */
  async function remove(official: Official, id: string): Promise<void> {
    if (!(await store.deleteView(db, official.accountId, id)))
      throw notFound('view-unknown', '没有这个保存的筛选，可能已经删去。')
  }

  return { list, save, remove }
}
