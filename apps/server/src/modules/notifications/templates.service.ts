import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import { badRequest, conflict, forbidden, notFound, Problem } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import { actorOf, isRoot, type Official } from '../identity/official.ts'
import { appendEntry } from '../ledger/journal.ts'
import {
  definitionOf,
  isTemplateKey,
  preview,
  problemsOf,
  TEMPLATES,
  type TemplateKey,
  type TemplateMedium,
  type TemplateWords,
} from './message.templates.ts'
import * as store from './templates.store.ts'

/** Words as they hold now: version 0 is what the program brings. */
export interface CurrentTemplate extends TemplateWords {
  version: number
  carrierCode: string
}

/** Words as an administrator writes them, on the version that was on the screen. */
export interface TemplateChange extends TemplateWords {
  version: number
  carrierCode: string
}

const asCurrent = (key: TemplateKey, medium: TemplateMedium, row: store.TemplateRow | undefined) => {
  const words = definitionOf(key).words[medium]
  if (!words) throw new Error(`no words for ${key} by ${medium}`)
  return row
    ? { title: row.title, body: row.body, version: row.version, carrierCode: row.carrier_code }
    : { ...words, version: 0, carrierCode: '' }
}

/** The words of messages, each with the versions it had. */
export function makeTemplates(app: App) {
  const ids = app.keys.derive('ids')

  /** The words that hold now. Read through the transaction given. @throws Error for words nobody has written */
  const current = async (
    tx: Kysely<Tables>,
    key: TemplateKey,
    medium: TemplateMedium,
  ): Promise<CurrentTemplate> => asCurrent(key, medium, await store.newestTemplate(tx, key, medium))

  /** Every purpose in every medium with its words and versions. */
  async function list() {
    const rows = await store.allTemplates(app.db.system)
    return (Object.keys(TEMPLATES) as TemplateKey[]).flatMap((key) => {
      const { label, audience, placeholders, words } = definitionOf(key)
      return (Object.keys(words) as TemplateMedium[]).map((medium) => {
        const versions = rows.filter((row) => row.key === key && row.medium === medium)
        return {
          key,
          medium,
          label,
          audience,
          placeholders: Object.entries(placeholders).map(([name, p]) => ({ name, ...p })),
          ...asCurrent(key, medium, versions[0]),
          versions: versions.map((row) => ({
            version: row.version,
            title: row.title,
            body: row.body,
            carrierCode: row.carrier_code,
            changedBy: row.changed_by,
            changedAt: row.changed_at.toISOString(),
          })),
        }
      })
    })
  }

  /** @throws Problem 404 template-unknown, 422 invalid with one error a field */
  function checked(key: string, medium: string, words: TemplateWords): [TemplateKey, TemplateMedium] {
    if (!isTemplateKey(key) || !Object.hasOwn(definitionOf(key).words, medium))
      throw notFound('template-unknown', '没有这个模板。')
    const errors = problemsOf(key, medium as TemplateMedium, words)
    if (errors.length > 0)
      throw new Problem(422, 'invalid', errors.map((e) => e.message).join(''), { errors })
    return [key, medium as TemplateMedium]
  }

  /** How words would read, with samples in the placeholders. @throws as `checked` */
  function show(key: string, medium: string, words: TemplateWords): TemplateWords {
    const [known] = checked(key, medium, words)
    return preview(known, words)
  }

  /**
   * Writes a new version; messages made from then on use it. The words are the same for the whole city.
   * @throws Problem 403 outside-place, 404 template-unknown, 409 template-stale, 422 invalid, 400 bad-carrier-code
   */
  async function save(official: Official, key: string, medium: string, change: TemplateChange) {
    if (!isRoot(official.organizationPath))
      throw forbidden('outside-place', '消息模板全市通用，只能由市级系统管理员修改。')
    const words = { title: change.title.trim(), body: change.body.trim() }
    const [known, by] = checked(key, medium, words)
    if (!/^[\w-]{0,64}$/.test(change.carrierCode))
      throw badRequest('bad-carrier-code', '通道模板编号只能有字母、数字、横线和下划线。', 'carrierCode')
    await app.db.system.transaction().execute(async (tx) => {
      const before = await current(tx, known, by)
      const version = before.version + 1
      const row = {
        key: known,
        medium: by,
        version,
        ...words,
        carrier_code: change.carrierCode,
        changed_by: actorOf(official),
        changed_at: app.clock(),
      }
      if (before.version !== change.version || !(await store.insertTemplate(tx, row)))
        throw conflict('template-stale', '模板刚刚被别人改过，请刷新后再改。')
      await appendEntry(tx, {
        subjectId: derivedUuid(ids, 'message-template', known, by),
        kind: 'message-template.changed',
        actor: actorOf(official),
        at: row.changed_at,
        payload: { key: known, medium: by, version, carrierCode: change.carrierCode },
        text: { title: words.title, body: words.body },
      })
    })
    app.nudge()
  }

  return { current, list, show, save }
}
export type Templates = ReturnType<typeof makeTemplates>
