import type { Kysely } from 'kysely'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { badRequest, notFound } from '../../platform/problem.ts'
import type { Tables } from '../../platform/tables.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { isRoot, type Official, placeOf } from '../identity/official.ts'
import * as store from './journal.list.store.ts'

/** What the auditor asks of the journal; days are those of Shanghai. */
export interface JournalQuery {
  kind?: string | undefined
  /** a number of a receipt, a complaint or a case, or the id that entries stand under */
  subject?: string | undefined
  actor?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** What the journal's pages need of other rooms. */
interface Needs {
  identity: Pick<IdentityService, 'withActorLabels' | 'accountsCalled'>
  /** each finds what bears a number, of that which the official may see */
  numbered: readonly ((official: Official, number: string) => Promise<string[]>)[]
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Who is no account, by the sort of actor. */
const SORTS = [
  { actor: 'citizen', label: '评价人' },
  { actor: 'partner', label: '业务系统' },
  { actor: 'system', label: '系统' },
  { actor: 'import', label: '文件导入' },
]
/** So many people are offered for the words somebody typed. */
const OFFERED = 20

const startOf = (day: string) => new Date(`${day}T00:00:00+08:00`)

export type JournalPages = ReturnType<typeof makeJournalPages>

/** The journal for the auditor: in the order of the ledger, newest first. */
export function makeJournalPages(app: App, { identity, numbered }: Needs) {
  async function subjectsOf(official: Official, text: string): Promise<string[]> {
    if (UUID.test(text)) return [text]
    const found = await Promise.all(numbered.map((find) => find(official, text.toUpperCase())))
    if (found.every((ids) => ids.length === 0))
      throw notFound(
        'subject-unknown',
        '没有这个编号的评价、投诉或差评件，或不在您的管辖范围内。请核对回执编号、投诉编号或差评件编号。',
      )
    return [...new Set(found.flat())]
  }

  return {
    /**
     * One page, and where the next begins (null at the end) and the one before (null: at the beginning). What is not sealed yet is only counted, for it has no
     * place in the order: it comes to the top within a second.
     * @throws Problem 404 subject-unknown, 400 bad-period
     */
    async page(official: Official, query: JournalQuery, after: number | undefined, pageSize: number) {
      const { kind, subject, actor, from, to } = query
      if (from && to && from > to) throw badRequest('bad-period', '结束日期不能早于开始日期。', 'to')
      const filter: store.JournalFilter = {
        kind,
        actor,
        subjects: subject === undefined ? undefined : await subjectsOf(official, subject.trim()),
        from: from ? startOf(from) : undefined,
        to: to ? new Date(startOf(to).getTime() + 86_400_000) : undefined,
      }
      const read = async (db: Kysely<Tables>) => ({
        // One more than is shown tells whether there is another page.
        rows: await store.sealedBelow(db, filter, after, pageSize + 1),
        previous: after === undefined ? null : await store.pageAbove(db, filter, after, pageSize),
      })
      // Whoever audits the whole city sees all of it; below, what belongs to the ratings of the place.
      const { rows, previous } = isRoot(official.organizationPath)
        ? await read(app.db.system)
        : await asStaff(app.db, placeOf(official), read)
      const shown = rows.slice(0, pageSize)
      return {
        items: (await identity.withActorLabels(shown, (row) => row.actor)).map((row) => ({
          position: row.position,
          entryId: row.entry_id,
          subjectId: row.subject_id,
          kind: row.kind,
          at: row.recorded_at.toISOString(),
          actor: row.actor,
          actorLabel: row.actorLabel,
        })),
        next: rows.length > pageSize ? String(shown.at(-1)!.position) : null,
        previous: previous === null ? null : String(previous),
        waiting: await store.waiting(app.db.system),
      }
    },
    /** Who may be meant by some words: officials of the place by name or user name, and those who are no officials. */
    async actors(official: Official, words: string) {
      const people = await identity.accountsCalled(official, words)
      return [
        ...SORTS.filter(({ label }) => label.includes(words)),
        ...people.slice(0, OFFERED).map(({ actor, displayName, username }) => ({
          actor,
          label: `${displayName}（${username}）`,
        })),
      ]
    },
    /** An actor in words, as a filter that came with an address shows it. */
    async actorNamed(actor: string) {
      const [named] = await identity.withActorLabels([{ actor }], (one) => one.actor)
      return { actor, label: SORTS.find((sort) => sort.actor === actor)?.label ?? named!.actorLabel }
    },
  }
}
