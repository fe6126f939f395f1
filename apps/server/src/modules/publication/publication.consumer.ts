import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import { accountIdOf } from '../identity/official.ts'
import type { Consumer } from '../ledger/consumers.ts'
import type { HistoryEntry, LedgerService } from '../ledger/ledger.service.ts'
import type { PeopleService } from '../people/people.service.ts'
import { publicCaseOf } from './public-case.ts'
import * as store from './publication.store.ts'

interface Needs {
  ledger: LedgerService
  people: PeopleService
  identity: IdentityService
  catalog: CatalogService
}

/**
 * Writes the public record of each case when it closes, and takes it back when the case is opened again. Here, and
 * not where the record is read, names can be struck out because here they are known: the public's connection to the
 * database reaches none.
 */
export function makePublicationConsumer({ ledger, people, identity, catalog }: Needs): Consumer {
  async function namesFor(tx: Kysely<Tables>, history: HistoryEntry[]): Promise<string[]> {
    const text = (key: string) =>
      history.map(({ payload }) => payload[key]).filter((v) => typeof v === 'string')
    const accounts = [...history.flatMap(({ actor }) => accountIdOf(actor) ?? []), ...text('verifierId')]
    const [organizationId] = text('organizationId')
    // Whoever opened the case, and whoever was joined to it.
    const behind = new Set([history[0]!.subjectId, ...text('sourceEvaluationId')])
    const persons = await Promise.all([...behind].map((id) => people.everyone(tx, id)))
    return [
      ...persons.flat().map((person) => person.name ?? ''),
      ...(await identity.accountNames(accounts, tx)).values(),
      ...(await catalog.staffOf(organizationId)).map((member) => member.displayName),
    ]
  }

  return {
    name: 'publication',
    async handle(tx, entries) {
      const closed = entries.filter(
        // A follow-up may come after the case was closed; while it is open there is nothing to write.
        ({ kind, payload }) =>
          kind === 'evaluation.followed_up' ||
          (kind.startsWith('case.') && (payload.to === 'closed' || payload.from === 'closed')),
      )
      const histories = await ledger.histories(tx, [...new Set(closed.map((entry) => entry.subjectId))])
      for (const history of Map.groupBy(histories, (entry) => entry.subjectId).values()) {
        const record = publicCaseOf(history, await namesFor(tx, history))
        const number = history.findLast(({ kind }) => kind.startsWith('case.'))?.payload.caseNumber
        if (record) await store.saveCase(tx, record)
        else if (typeof number === 'string') await store.forgetCase(tx, number)
      }
    },
    reset: store.forgetCases,
  }
}
