import type { App } from '../../platform/context.ts'
import { camelRow, type ServiceGuide } from './catalog.snapshot.ts'
import * as store from './catalog.store.ts'

/** A guide as it read at some time. */
export interface GuideThen {
  guide: Omit<ServiceGuide, 'version' | 'itemCode'>
  version: number
  /** when this version was written */
  writtenAt: Date
  /** whether it has been changed since */
  changedSince: boolean
  /** true where the directory had no guide yet at that time: this is the first one it got */
  later: boolean
}

/** Guides: long, and read one at a time, so that the snapshot does not hold them. */
export function makeGuides({ db }: App) {
  async function guide(code: string): Promise<ServiceGuide | undefined> {
    const row = await store.guideByItem(db.portal, code)
    return row && camelRow<typeof row>(row)
  }

  return {
    guide,
    /** Codes of the items that have a guide. */
    guideCodes: async () => new Set((await store.guideCodes(db.portal)).map((row) => row.item_code)),
    /** The guide of an item as it was in force at a time (R2: versions are kept); null where it never had one. */
    async guideAt(code: string, at: Date): Promise<GuideThen | null> {
      const versions = (await store.versionsOf(db.portal, 'guides', code)).toReversed()
      const then = versions.findLast((version) => version.changed_at <= at)
      const told = then ?? versions[0]
      const content = told?.content as Record<string, unknown> | undefined
      if (!told || !content || content.removed === true) return null
      const { itemCode: _code, ...fields } = camelRow<Record<string, unknown>>(content)
      return {
        guide: fields as GuideThen['guide'],
        version: told.version,
        writtenAt: told.changed_at,
        changedSince: told.version !== versions.at(-1)?.version,
        later: then === undefined,
      }
    },
  }
}
