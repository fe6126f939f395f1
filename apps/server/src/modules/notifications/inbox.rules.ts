import { CASE_CLOCKS, isCaseClockKey } from '@haochaping/rules'
import type { Tx } from '../../platform/database.ts'
import { accountIdOf } from '../identity/official.ts'
import { permissionsOf, ROLES, type Role } from '../identity/permissions.ts'
import type { SealedEntry } from '../ledger/consumers.ts'
import { TEMPLATES, type TemplateKey } from './message.templates.ts'

/** An account as far as deciding whom to tell needs it. */
export interface Addressee {
  accountId: string
  role: Role
  organizationId: string
  staffNumber: string | null
}

/** What the rules of the inbox need of other rooms. */
export interface InboxNeeds {
  catalog: {
    organization(id: string): Promise<{ id: string; name: string; path: string } | undefined>
    item(code: string): Promise<{ name: string } | undefined>
    managementBodyFor(id: string): Promise<{ id: string; path: string } | undefined>
  }
  identity: {
    /** active accounts of these organisations; read through the transaction given */
    accountsAt(tx: Tx, organizationIds: string[]): Promise<Addressee[]>
  }
}

type Payload = Record<string, unknown>
/** Groups of people a notice may be for. */
type Audience =
  | 'handlers'
  | 'heads'
  | 'verifier'
  | 'co_handlers'
  /** whoever handled the case where it was before, and their head */
  | 'former'
  | 'superior'
  | 'management'
  /** the authority of the very place it is about */
  | 'authority'
  | 'city'
  | 'issuer'
  /** whoever may answer an order on the case */
  | 'answerers'
  /** whoever decides on an appeal at the instance it has come to */
  | 'deciders'
  /** whoever hears reports of retaliation: past organisation and district */
  | 'hearers'
  | 'named_staff'
  /** by how far an overdue case has been carried up */
  | 'by_mark'

interface Rule {
  template: TemplateKey
  to: Audience[]
  urgent?: true
  /** its very existence is for them alone: by e-mail only that there is something, under no rating's name */
  confidential?: true
}

/** Who is told of what. Kinds that are not here are nobody's news. */
const RULES: Record<string, Rule> = {
  'case.opened': { template: 'inbox_opened', to: ['handlers'] },
  'case.direct_again': { template: 'inbox_again', to: ['handlers', 'heads'] },
  'case.answer_unsolved': { template: 'inbox_to_review', to: ['superior'], urgent: true },
  'case.object_rejection': { template: 'inbox_to_review', to: ['superior'], urgent: true },
  'case.reopen_by_inspection': { template: 'inbox_to_review', to: ['superior', 'heads'], urgent: true },
  'case.warned': { template: 'inbox_warned', to: ['verifier', 'handlers'], urgent: true },
  'case.escalated': { template: 'inbox_escalated', to: ['by_mark'], urgent: true },
  'case.propose_rejection': { template: 'inbox_rejection', to: ['management'] },
  'case.propose_transfer': { template: 'inbox_transfer', to: ['superior'] },
  'case.request_extension': { template: 'inbox_extension', to: ['superior'] },
  'case.accept_transfer': { template: 'inbox_opened', to: ['handlers'] },
  'case.refuse_transfer': { template: 'inbox_decided', to: ['handlers'] },
  'case.approve_extension': { template: 'inbox_decided', to: ['handlers'] },
  'case.refuse_extension': { template: 'inbox_decided', to: ['handlers'] },
  'case.confirm_rejection': { template: 'inbox_decided', to: ['handlers'] },
  'case.refuse_rejection': { template: 'inbox_decided', to: ['handlers'] },
  'case.add_co_handler': { template: 'inbox_co_handler', to: ['co_handlers'] },
  'case.co_report': { template: 'inbox_co_reported', to: ['verifier', 'handlers'] },
  'case.remove_co_handler': { template: 'inbox_co_removed', to: ['co_handlers'] },
  'case.citizen_supplied': { template: 'inbox_supplied', to: ['verifier', 'handlers'] },
  'supervision.ordered': { template: 'inbox_ordered', to: ['answerers'], urgent: true },
  'supervision.answered': { template: 'inbox_order_answered', to: ['issuer'] },
  'supervision.accepted': { template: 'inbox_order_settled', to: ['answerers'] },
  'supervision.returned': { template: 'inbox_order_settled', to: ['answerers'], urgent: true },
  'supervision.withdrawn': { template: 'inbox_order_settled', to: ['answerers'] },
  'supervision.warned': { template: 'inbox_warned', to: ['answerers'], urgent: true },
  'supervision.escalated': {
    template: 'inbox_escalated',
    to: ['answerers', 'superior', 'issuer'],
    urgent: true,
  },
  'supervision.retaliation_reported': {
    template: 'inbox_retaliation',
    to: ['hearers'],
    urgent: true,
    confidential: true,
  },
  'appeal.filed': { template: 'inbox_appeal_filed', to: ['deciders'] },
  'appeal.citizen_answered': { template: 'inbox_appeal_answered', to: ['deciders'] },
  'appeal.decided': { template: 'inbox_appeal_decided', to: ['heads', 'handlers', 'named_staff'] },
  'appeal.reexamination_filed': { template: 'inbox_appeal_filed', to: ['deciders'] },
  // The city publishes; the district's authority may look at its own before.
  'summary.drafted': { template: 'inbox_summary_drafted', to: ['city', 'authority'] },
  'summary.approved': { template: 'inbox_summary_approved', to: ['city'] },
  'summary.reminded': { template: 'inbox_summary_reminded', to: ['city'], urgent: true },
  'appeal.reexamined': { template: 'inbox_appeal_reexamined', to: ['heads', 'handlers', 'named_staff'] },
  'appeal.warned': { template: 'inbox_warned', to: ['deciders'], urgent: true },
  'appeal.escalated': { template: 'inbox_escalated', to: ['deciders', 'city'], urgent: true },
}
/** What else is told of an entry, to others: whoever lost a case by a transfer learns where it went. */
const LOST: Record<string, Rule> = {
  'case.accept_transfer': { template: 'inbox_moved', to: ['former'] },
  'case.direct_again': { template: 'inbox_moved', to: ['former'] },
}
/** Who is warned of a clock: whoever it waits for; a citizen is not hurried. */
const AWAITED: Record<'handler' | 'superior' | 'management' | 'citizen', Audience[]> = {
  handler: ['verifier', 'handlers'],
  superior: ['superior'],
  management: ['management'],
  citizen: [],
}
const awaitedBy = ({ clock }: Payload): keyof typeof AWAITED =>
  typeof clock === 'string' && isCaseClockKey(clock) ? CASE_CLOCKS[clock].awaits : 'handler'

/** The kinds of notices there are. */
export const INBOX_KINDS = (Object.keys(TEMPLATES) as TemplateKey[]).filter(
  (key) => 'inbox' in TEMPLATES[key].words,
)
export const isNews = (kind: string): boolean => Object.hasOwn(RULES, kind)
export const isConfidential = (kind: string): boolean => isNews(kind) && RULES[kind]?.confidential === true

/** What an act settles: a case that was signed for, or went elsewhere, is no longer to be signed for. */
const SETTLED: Record<string, readonly TemplateKey[]> = {
  'case.sign': ['inbox_opened', 'inbox_again'],
  'case.accept_transfer': ['inbox_opened', 'inbox_again'],
}
export const settledBy = (kind: string): readonly TemplateKey[] => SETTLED[kind] ?? []

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const AUTHORITIES: readonly Role[] = ['district_authority', 'city_authority']
const ANSWERING: readonly Role[] = (Object.keys(ROLES) as Role[]).filter((role) =>
  permissionsOf(role).includes('supervision.answer'),
)

/** A notice and the accounts it is for. */
export interface Notice {
  template: TemplateKey
  urgent: boolean
  to: Addressee[]
  path: string
  confidential: boolean
}

/** Decides who is told of an entry, by the organisations on the way up from the one that handles the matter. */
export function makeInboxRules({ catalog, identity }: InboxNeeds) {
  /** The authority nearest above an organisation: the district of a department, the city of a district. */
  function superiors(accounts: readonly Addressee[], above: readonly string[]): Addressee[] {
    for (const id of above) {
      const found = accounts.filter((a) => a.organizationId === id && AUTHORITIES.includes(a.role))
      if (found.length > 0) return found
    }
    return []
  }

  /**
   * The notices of an entry, none when there is nobody to tell. The one who was rated is never told of a case about
   * them, except of the decision on their own appeal; and nobody of what they did themselves.
   */
  async function noticesOf(tx: Tx, entry: SealedEntry, payload: Payload): Promise<Notice[]> {
    if (text(payload.organizationPath) === '') return []
    const notices: Notice[] = []
    for (const rule of [RULES[entry.kind], LOST[entry.kind]]) {
      const notice = rule ? await noticeOf(tx, rule, entry, payload) : null
      if (notice) notices.push(notice)
    }
    return notices
  }

  async function noticeOf(tx: Tx, rule: Rule, entry: SealedEntry, payload: Payload): Promise<Notice | null> {
    const path = text(payload.organizationPath)
    const line = path.split('/').filter(Boolean).reverse()
    const [own = '', ...above] = line
    const co = text(payload.organization)
    const former = text(payload.formerOrganizationId)
    const body =
      rule.to.includes('management') || awaitedBy(payload) === 'management'
        ? await catalog.managementBodyFor(own)
        : undefined
    const concerned = [...new Set([...line, co, former, ...(body?.path.split('/') ?? [])])].filter(Boolean)
    const accounts = await identity.accountsAt(tx, concerned)
    const at = (id: string, ...roles: Role[]) =>
      accounts.filter((a) => a.organizationId === id && roles.includes(a.role))
    const handlersAt = (id: string) => {
      const found = at(id, 'handler')
      return found.length > 0 ? found : at(id, 'organization_head')
    }
    const root = line.at(-1) ?? ''
    const city = () => superiors(accounts, [root])
    // Those of the organisation itself; where nobody there may answer, those of the nearest above it that may.
    function answerers(): Addressee[] {
      for (const id of line) {
        const found = at(id, ...ANSWERING).filter((a) => !isNamed(a, payload))
        if (found.length > 0) return found
      }
      return []
    }
    // The second time another than the first decider; if there is none, they are to find one.
    function deciders(): Addressee[] {
      if (payload.stage !== 'reexamination')
        return payload.firstInstance === 'city' ? city() : superiors(accounts, above)
      const others = city().filter((a) => a.accountId !== payload.firstDecider)
      return others.length > 0 ? others : city()
    }
    const audiences: Record<Audience, () => Addressee[]> = {
      handlers: () => handlersAt(own),
      heads: () => at(own, 'organization_head'),
      verifier: () => accounts.filter((a) => a.accountId === payload.verifierId),
      co_handlers: () => (co === '' ? [] : handlersAt(co)),
      former: () => at(former, 'handler', 'organization_head'),
      superior: () => superiors(accounts, above),
      // The body itself, or whoever stands above it: authorities have their accounts at either.
      management: () => superiors(accounts, body?.path.split('/').filter(Boolean).reverse() ?? []),
      authority: () => superiors(accounts, [own]),
      city,
      answerers,
      deciders,
      hearers: () => at(root, 'city_authority'),
      issuer: () =>
        superiors(accounts, [text(payload.issuerPath).split('/').filter(Boolean).at(-1) ?? '', ...above]),
      named_staff: () =>
        accounts.filter((a) => a.role === 'window_staff' && isNamed(a, { staffNumber: payload.staffNumber })),
      by_mark: () => byMark(text(payload.mark)),
    }
    // Where it was carried to, if the entry says so; else by the line the organisation stands in.
    function byMark(mark: string): Addressee[] {
      const told = at(text(payload.to), 'organization_head', ...AUTHORITIES)
      if (told.length > 0) return told
      if (mark === 'city') return city()
      return mark === 'district' ? superiors(accounts, above) : at(own, 'organization_head')
    }
    const audience = entry.kind === 'case.warned' ? AWAITED[awaitedBy(payload)] : rule.to
    const actor = accountIdOf(entry.actor)
    const named = rule.to.includes('named_staff')
    const to = audience
      .flatMap((one) => audiences[one]())
      .filter((a) => a.accountId !== actor && (named || !isNamed(a, payload)))
    const unique = [...new Map(to.map((a) => [a.accountId, a])).values()]
    if (unique.length === 0) return null
    const { template, urgent = false, confidential = false } = rule
    return { template, urgent, confidential, to: unique, path: pathOf(entry) }
  }

  return { noticesOf }
}

/** Whoever was rated, in whatever role; of a case also in what was joined to it. */
const isNamed = ({ staffNumber }: Addressee, { staffNumber: rated, joinedStaff }: Payload) =>
  staffNumber !== null &&
  staffNumber !== '' &&
  (staffNumber === rated || (Array.isArray(joinedStaff) && joinedStaff.includes(staffNumber)))

/** Where in the console the matter is. */
export function pathOf(entry: SealedEntry): string {
  if (entry.kind.startsWith('supervision.retaliation')) return '/retaliation-reports'
  if (entry.kind.startsWith('summary.')) return '/summaries'
  return `/${entry.kind.startsWith('appeal.') ? 'appeals' : 'cases'}/${entry.subjectId}`
}
