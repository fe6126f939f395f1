import {
  type CaseEvent,
  type CaseFieldValues,
  type CaseGuard,
  caseEventRule,
  personCalled,
  REJECTION_REASONS,
  shanghaiDate,
  startOfShanghaiDay,
} from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import type { Tx } from '../../platform/database.ts'
import type { FieldProblem } from '../../platform/problem.ts'
import type { FilePurpose, FilesService } from '../files/files.service.ts'
import type { IdentityService } from '../identity/identity.service.ts'
import type { Official } from '../identity/official.ts'
import { type CaseClocks, type Policies, roundBegan } from './case.clock.ts'
import type { Assigned } from './case.columns.ts'
import type { StaffIn } from './case.concerned.ts'
import { type CaseMove, invalidCase } from './case.moves.ts'
import * as parties from './case.parties.store.ts'
import { unanswering } from './case.survey.ts'
import type { CaseRow } from './case.ts'
import * as store from './rectification.store.ts'

/** What the guards of the table need that the table cannot know. */
export interface CheckNeeds {
  catalog: {
    organization(
      id: string,
    ): Promise<{ id: string; name: string; path: string; regionCode: string; active: boolean } | undefined>
  }
  policies: Policies
  clocks: CaseClocks
  files: Pick<FilesService, 'named'>
  identity: Pick<IdentityService, 'verifiersFor'>
  /** the grounds on which appeals against a rating were decided and lost */
  lostClaims(tx: Tx, evaluationId: string): Promise<string[]>
  staffIn: StaffIn
}

const HOUR_MS = 3_600_000
/** The time of a day in Shanghai, 'HH:MM'. */
export const shanghaiTime = (at: Date) => new Date(at.getTime() + 8 * HOUR_MS).toISOString().slice(11, 16)

/** Guards that need the directory, the journal or the policies. Each gives what is wrong, by field. */
export function makeCaseChecks(
  app: App,
  { catalog, policies, clocks, files, identity, lostClaims, staffIn }: CheckNeeds,
) {
  const number = async (key: string, row: CaseRow) =>
    (await policies.value(key, row.region_code, app.clock())).value

  interface Asked {
    tx: Tx
    official: Official
    row: CaseRow
    event: CaseEvent
    values: CaseFieldValues
  }
  const problem = (event: CaseEvent, name: string, why: string): FieldProblem[] => [
    {
      field: name,
      message: `${caseEventRule(event).fields.find((field) => field.name === name)?.label ?? name}：${why}`,
    },
  ]
  const text = (values: CaseFieldValues, name: string) =>
    typeof values[name] === 'string' && values[name] !== '' ? values[name] : null

  async function namedVerifier({ row, event, values }: Asked) {
    const known = await identity.verifiersFor([row.organization_id])
    const verifier = known.find((v) => v.accountId === values.verifier)
    if (!verifier) return problem(event, 'verifier', '应为办理单位的在册人员。')
    const id = row.evaluation_id
    return verifier.staffNumber && (await staffIn(app.db.system, [id])).get(id)?.has(verifier.staffNumber)
      ? problem(event, 'verifier', '被评价人不能核实针对自己的评价。')
      : []
  }

  async function within(asked: Asked, name: string, from: Date, earliest: string, early: string) {
    const { row, event, values } = asked
    const day = text(values, name) ?? ''
    if (day <= shanghaiDate(app.clock())) return problem(event, name, '应晚于今天。')
    if (day <= earliest) return problem(event, name, early)
    const { last, value } = await clocks.promiseLimit(row, from)
    return day > last ? problem(event, name, `最晚 ${last}（限期整改最长 ${value} 个工作日）。`) : []
  }

  const today = () => shanghaiDate(app.clock())

  async function attemptsToday({ tx, row, event, values }: Asked) {
    const called = personCalled(row, values)?.id ?? null
    const [made, most] = [
      await store.contactsSince(tx, row.evaluation_id, called, startOfShanghaiDay(today())),
      await number('contact_attempts_per_day', row),
    ]
    return made >= most
      ? problem(event, 'result', `今天已联系 ${made} 次，同一评价人每天最多 ${most} 次，请明天再联系。`)
      : []
  }

  async function callingHours({ row, event, values }: Asked) {
    const [at, now] = [text(values, 'contactedAt') ?? '', shanghaiTime(app.clock())]
    const [from, to] = [await number('calling_from', row), await number('calling_to', row)]
    if (at > now) return problem(event, 'contactedAt', `不能晚于现在（${now}）。`)
    return Number(at.slice(0, 2)) < from || Number(at.slice(0, 2)) >= to
      ? problem(event, 'contactedAt', `只能在 ${from}:00 至 ${to}:00 之间联系评价人。`)
      : []
  }

  const organizationNamed = async (values: CaseFieldValues, row: CaseRow) => {
    const id = text(values, 'organization') ?? row.transfer_to
    return id === null ? undefined : catalog.organization(id)
  }

  async function withinPlace({ official, row, event, values }: Asked) {
    const named = text(values, 'organization') ?? row.transfer_to
    if (named === null) return []
    const found = await organizationNamed(values, row)
    if (!found?.active) return problem(event, 'organization', '没有这个单位，或已停用。')
    return found.path.startsWith(official.organizationPath)
      ? []
      : problem(event, 'organization', `“${found.name}”不在您的管辖范围内，请报上级主管部门决定。`)
  }

  async function otherOrganization({ row, event, values }: Asked) {
    const found = await organizationNamed(values, row)
    if (!found?.active) return problem(event, 'organization', '没有这个单位，或已停用。')
    if (found.id === row.organization_id) return problem(event, 'organization', '就是现在的办理单位。')
    return event === 'add_co_handler' && row.party_paths.includes(found.path)
      ? problem(event, 'organization', '已经是协办单位。')
      : []
  }

  /** Organisations that handle the case with the lead, of now. */
  const helping = async (tx: Tx, row: CaseRow) =>
    (await parties.partiesOf(tx, [row.evaluation_id])).filter(
      (party) => party.kind === 'co' && party.until === null,
    )

  /** The one among them that an official reports for; null where that is not clear. */
  async function reporting({ tx, official, row }: Pick<Asked, 'tx' | 'official' | 'row'>) {
    const within = (await helping(tx, row)).filter((party) =>
      party.organization_path.startsWith(official.organizationPath),
    )
    const own = within.find((party) => party.organization_path === official.organizationPath)
    return own ?? (within.length === 1 ? within[0]! : null)
  }

  const ownReport = async (asked: Asked): Promise<FieldProblem[]> =>
    (await reporting(asked))
      ? []
      : [{ field: 'event', message: '您管辖的协办单位不止一个，请由各协办单位自己提交协办情况。' }]

  async function coHandlerNamed({ tx, row, event, values }: Asked) {
    const id = text(values, 'organization')
    return (await helping(tx, row)).some((party) => party.organization_id === id)
      ? []
      : problem(event, 'organization', '不是现在的协办单位，可能已经取消。')
  }

  /** The organisation that an event is about. */
  async function concerned(asked: Asked, guards: readonly CaseGuard[]): Promise<Assigned | undefined> {
    if (guards.includes('within_place')) return organizationNamed(asked.values, asked.row)
    const id = text(asked.values, 'organization')
    const party = guards.includes('own_report')
      ? await reporting(asked)
      : guards.includes('co_handler_named')
        ? (await helping(asked.tx, asked.row)).find((each) => each.organization_id === id)
        : null
    return party
      ? { id: party.organization_id, path: party.organization_path, regionCode: asked.row.region_code }
      : undefined
  }

  /** On the telephone one speaks to one: with several evaluators each answers for themselves, the last by call. */
  async function soleEvaluator({ tx, row }: Asked) {
    const left = await unanswering(tx, row)
    if (left.length === 1 && row.persons.some((person) => person.id === left[0] && person.doNotContact))
      return [
        {
          field: 'event',
          message: '还没有回答的评价人表示不愿被联系，请勿联系；由其用链接回答，期满未答复的自动办结。',
        },
      ]
    return left.length > 1
      ? [
          {
            field: 'event',
            message: `还有 ${left.length} 位评价人没有回答，请他们各自用链接或短信回答；只剩一位时可以登记电话测评。`,
          },
        ]
      : []
  }

  /** What was decided on appeal is not decided otherwise beside it: not when it is proposed, nor when it is confirmed. */
  async function appealNotLost({ tx, row, event, values }: Asked) {
    const reason = text(values, 'rejectionReason') ?? row.rejection_reason
    if (reason === null || !(await lostClaims(tx, row.evaluation_id)).includes(reason)) return []
    const label = (REJECTION_REASONS as Record<string, string>)[reason] ?? reason
    const decided = `主张“${label}”的申诉已经审理，没有得到支持`
    return event === 'propose_rejection'
      ? problem(
          event,
          'rejectionReason',
          `${decided}，不能再以同样理由提出不予采纳。不服决定的，请在期限内申请复核。`,
        )
      : [{ field: 'event', message: `${decided}，不能再以同样理由确认不予采纳，请退回继续核实。` }]
  }

  const GUARDS: Partial<Record<CaseGuard, (asked: Asked) => Promise<FieldProblem[]>>> = {
    named_verifier: namedVerifier,
    promise_limit: (asked) => within(asked, 'promisedOn', roundBegan(asked.row), '', ''),
    extension_limit: (asked) => {
      const { promised_on: promised } = asked.row
      return within(asked, 'newDate', app.clock(), promised ?? '', `应晚于原承诺日期 ${promised}。`)
    },
    attempts_today: attemptsToday,
    calling_hours: callingHours,
    within_place: withinPlace,
    other_organization: otherOrganization,
    sole_evaluator: soleEvaluator,
    own_report: ownReport,
    appeal_not_lost: appealNotLost,
    co_handler_named: coHandlerNamed,
  }

  /**
   * Checks what the table of the rules cannot know, and completes the move with what it looked up.
   * @throws Problem 422 invalid with one error a field
   */
  async function complete(
    tx: Tx,
    official: Official,
    row: CaseRow,
    move: Pick<CaseMove, 'event' | 'actor' | 'values'>,
  ): Promise<CaseMove> {
    const { event } = move
    const guards = caseEventRule(event).guards ?? []
    const values: CaseFieldValues = {
      ...move.values,
      ...(event === 'record_contact' && {
        medium: text(move.values, 'medium') ?? 'phone',
        evaluator: personCalled(row, move.values)?.id,
      }),
      ...(guards.includes('calling_hours') && {
        contactedAt: text(move.values, 'contactedAt') ?? shanghaiTime(app.clock()),
      }),
    }
    const errors: FieldProblem[] = []
    for (const guard of guards)
      errors.push(...((await GUARDS[guard]?.({ tx, official, row, event, values })) ?? []))
    const evidence = Array.isArray(values.evidence) ? (values.evidence as string[]) : []
    // An inspector begins a case again with what they found.
    const more: FilePurpose[] = event === 'reopen_by_inspection' ? ['supervision'] : []
    const named = await files.named(tx, row.evaluation_id, evidence, 'case', ...more)
    if (named.length !== new Set(evidence).size)
      errors.push({ field: 'evidence', message: '佐证材料：有文件不属于这个差评件，请重新上传。' })
    if (errors.length > 0) throw invalidCase(errors)
    const organization = await concerned({ tx, official, row, event, values }, guards)
    const [answeredBy] = guards.includes('sole_evaluator') ? await unanswering(tx, row) : []
    const facts = {
      ...(answeredBy && { answeredBy }),
      ...(event === 'co_report' && organization && { reportedFor: organization.id }),
    }
    return { ...move, values, files: named, organization, facts }
  }

  return { complete }
}
