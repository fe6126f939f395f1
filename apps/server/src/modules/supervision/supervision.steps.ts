import { shanghaiDay } from '../../platform/time.ts'
import { accountIdOf } from '../identity/official.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'
import type { CheckViews } from './checks.view.ts'
import type { OrderViews } from './orders.view.ts'

/** What supervision says of one case to one official, who may see no more of it here than there. */
interface Supervised {
  id: string
  orders: Awaited<ReturnType<OrderViews['ofCase']>>['orders']
  findings: Awaited<ReturnType<CheckViews['inCase']>>
  entries: Awaited<ReturnType<OrderViews['ofCase']>>['entries']
}

const withoutDigest = (files: Supervised['findings'][number]['files']): TimelineEntry['files'] =>
  files.map(({ fileId, name, mediaType, size }) => ({ fileId, name, mediaType, size }))

const sideOf = (entry: Supervised['entries'][number] | undefined): TimelineEntry['actorKind'] => {
  if (!entry || accountIdOf(entry.actor) === null) return 'system'
  return entry.kind === 'supervision.answered' ? 'official' : 'supervisor'
}
/** Until when an answer was demanded, as the entry has it: a later demand begins anew. */
function dueOf(clock: unknown): string | null {
  const { dueAt } = (clock ?? {}) as { dueAt?: unknown }
  return typeof dueAt === 'string' ? shanghaiDay(new Date(dueAt)) : null
}

/** All that supervision did with a case (R18), as steps of the case's timeline, oldest first. */
export function stepsOf({ id, orders, findings, entries }: Supervised): TimelineEntry[] {
  const place = new Map(entries.map((entry, i) => [entry.entry_id, i]))
  const ofOrders = orders.flatMap(({ kindLabel, issuerName, steps }) =>
    steps.map((step): TimelineEntry => {
      const entry = entries[place.get(step.entryId) ?? -1]
      const due = step.kind === 'supervision.ordered' ? dueOf(entry?.payload.clock) : null
      return {
        ...step,
        subjectId: id,
        actorKind: sideOf(entry),
        facts: [
          { label: '督办类别', value: kindLabel },
          ...(step.kind === 'supervision.ordered' ? [{ label: '发出单位', value: issuerName }] : []),
          ...(due ? [{ label: '答复期限', value: due }] : []),
        ],
        files: withoutDigest(step.files),
      }
    }),
  )
  const ofChecks = findings.flatMap((found): TimelineEntry[] =>
    found.entryId === null || found.foundAt === null
      ? []
      : [
          {
            subjectId: id,
            entryId: found.entryId,
            kind: 'supervision.item_found',
            label: '抽查登记结果',
            at: found.foundAt,
            actorLabel: found.inspectorName ?? '已停用的账号',
            actorKind: 'supervisor',
            facts: [
              { label: '抽查结果', value: found.findingLabel ?? '' },
              ...(found.reopened ? [{ label: '处理', value: '差评件重新办理' }] : []),
            ],
            texts: found.note === null ? [] : [{ label: '检查情况', text: found.note }],
            files: withoutDigest(found.files),
            position: found.position,
          },
        ],
  )
  return [...ofOrders, ...ofChecks].sort((a, b) => (place.get(a.entryId) ?? 0) - (place.get(b.entryId) ?? 0))
}
