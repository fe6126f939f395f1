import { caseEventRule, isCaseEvent } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { accountIdOf } from '../identity/official.ts'
import type { makeConcerned } from '../rectification/case.concerned.ts'
import * as store from './appeals.store.ts'

/** Who may not decide on an appeal, whatever their role is now. */
export interface Involved {
  /** accounts, each with the reason in words */
  accounts: ReadonlyMap<string, string>
  /** staff numbers of all who were rated in the affair, or in the case the rating belongs to */
  staff: ReadonlySet<string>
}

const WORKED = '您核实或办理过这个差评件，不能再审理它的申诉。'
const SPOKE = '您提出或参与提出了这件申诉，不能再审理它。'
const HANDLERS = new Set(['handler', 'co_handler'])
/** What the appellant's side does to an appeal. */
const APPELLANTS = new Set([
  'appeal.filed',
  'appeal.supplemented',
  'appeal.withdrawn',
  'appeal.reexamination_filed',
])

/** What parties are told by: who moved the case, or the appeal, and as whom. */
function* partiesIn({ kind, actor, payload }: store.PartyEntry): Generator<[string, string]> {
  if (typeof payload.verifierId === 'string') yield [payload.verifierId, WORKED]
  const account = accountIdOf(actor)
  if (!account) return
  const event = kind.slice('case.'.length)
  const by: readonly string[] = isCaseEvent(event) ? caseEventRule(event).actors : []
  if (kind.startsWith('case.') && by.some((one) => HANDLERS.has(one))) yield [account, WORKED]
  if (APPELLANTS.has(kind)) yield [account, SPOKE]
}

/**
 * Whoever worked on the rating's case for its organisation, or spoke for the appellant (Q100): nobody decides in their
 * own matter. Read with the system's eyes, also of a case in which the rating was joined to another.
 */
export const makeInvolved =
  (
    app: App,
    cases: { caseIdOf(db: App['db']['system'], id: string): Promise<string> },
    about: Pick<ReturnType<typeof makeConcerned>, 'staffIn'>,
  ) =>
  async (id: string): Promise<Involved> => {
    const { system } = app.db
    const ids = [...new Set([id, await cases.caseIdOf(system, id)])]
    const entries = await store.partyEntries(system, ids)
    return {
      accounts: new Map(entries.flatMap((entry) => [...partiesIn(entry)])),
      staff: (await about.staffIn(system, [id])).get(id) ?? new Set(),
    }
  }
