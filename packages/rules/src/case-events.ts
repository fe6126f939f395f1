import { type CaseEventRule, type CaseField, type CaseState, REJECTION_REASONS } from './case-states.ts'

const text = (name: string, label: string, maxLength = 1000): CaseField => ({
  name,
  label,
  type: 'text',
  required: true,
  maxLength,
})
const choice = (name: string, label: string, choices: Record<string, string>): CaseField => ({
  name,
  label,
  type: 'choice',
  required: true,
  choices: Object.entries(choices).map(([value, words]) => ({ value, label: words })),
})
const optional = (field: CaseField): CaseField => ({ ...field, required: false })
const evidence: CaseField = { name: 'evidence', label: '佐证材料', type: 'files', required: true }
const organization: CaseField = {
  name: 'organization',
  label: '办理单位',
  type: 'organization',
  required: true,
}
const verifier: CaseField = { name: 'verifier', label: '核实人', type: 'person', required: true }
const finding = text('finding', '核实情况')
const words = optional(text('words', '补充说明', 500))

/** What the citizen said on the telephone, and the record of the call (Q70). */
const SPOKEN = [
  { name: 'contactedAt', label: '通话时间（今天，不填为现在）', type: 'time', required: false },
  text('note', '通话记录'),
] as const satisfies readonly CaseField[]

/** Where the organisation is at work: it may ask, call, and be helped. */
const AT_WORK = ['verifying', 'waiting', 'fixing', 'promised', 'explaining'] as const satisfies CaseState[]

/** Clocks of the organisation's own work up to the reply: they stand still while somebody else decides. */
const WORK_CLOCKS = ['sign', 'fix', 'contact'] as const

/** The whole of it (R14–R20): states × events → target, actors, demanded fields, guards, clocks. */
export const CASE_EVENTS = {
  sign: {
    label: '签收并指定核实人',
    from: ['to_sign'],
    to: 'verifying',
    actors: ['handler'],
    fields: [verifier],
    guards: ['named_verifier'],
    starts: ['fix', 'contact'],
    stops: ['sign'],
  },
  propose_transfer: {
    label: '申请改派',
    from: ['to_sign', 'verifying'],
    to: 'transfer_proposed',
    actors: ['handler'],
    fields: [{ ...organization, label: '应由哪个单位办理' }, text('reason', '改派理由')],
    guards: ['transfer_once', 'other_organization'],
    starts: ['transfer'],
    pauses: WORK_CLOCKS,
    confirm: '“谁办理、谁负责”：不能自行转给其他单位，将报上级主管部门决定。每一轮只能申请一次。确定申请吗？',
  },
  accept_transfer: {
    label: '同意改派',
    from: ['transfer_proposed'],
    to: 'to_sign',
    actors: ['superior'],
    fields: [optional({ ...organization, label: '改派给（不选则为申请的单位）' }), text('note', '改派意见')],
    guards: ['within_place', 'other_organization'],
    starts: ['sign'],
    stops: ['transfer', ...WORK_CLOCKS],
  },
  refuse_transfer: {
    label: '不同意改派',
    from: ['transfer_proposed'],
    to: 'back',
    actors: ['superior'],
    fields: [text('note', '退回意见')],
    resumes: WORK_CLOCKS,
    stops: ['transfer'],
  },
  add_co_handler: {
    label: '增加协办单位',
    from: ['to_sign', ...AT_WORK],
    to: 'same',
    actors: ['superior', 'management'],
    fields: [{ ...organization, label: '协办单位' }, text('note', '协办要求')],
    guards: ['within_place', 'other_organization'],
  },
  co_report: {
    label: '提交协办情况',
    from: [...AT_WORK, 'feeding_back'],
    to: 'same',
    actors: ['co_handler'],
    fields: [text('done', '协办情况'), evidence],
  },
  change_verifier: {
    label: '更换核实人',
    from: [...AT_WORK, 'feeding_back'],
    to: 'same',
    actors: ['handler'],
    fields: [verifier, text('reason', '更换原因', 200)],
    guards: ['named_verifier'],
  },
  record_contact: {
    label: '登记回访',
    from: [...AT_WORK, 'feeding_back'],
    to: 'same',
    actors: ['handler'],
    fields: [
      optional(
        choice('medium', '联系方式（不选为电话）', {
          phone: '电话',
          sms: '短信',
          wechat: '微信',
          visit: '上门或当面',
        }),
      ),
      choice('result', '回访结果', {
        reached: '已联系上',
        not_reached: '未接通',
        declined: '对方不愿沟通',
      }),
      { name: 'contactedAt', label: '联系时间（今天，不填为现在）', type: 'time', required: false },
      text('note', '回访记录'),
    ],
    guards: ['contact_allowed', 'attempts_today', 'calling_hours'],
    stops: ['contact'],
  },
  ask_citizen: {
    label: '请评价人补充',
    from: ['verifying', 'fixing', 'explaining'],
    to: 'waiting',
    actors: ['handler'],
    fields: [text('question', '需要补充什么', 500)],
    guards: ['asked_once'],
    starts: ['citizen_wait'],
    pauses: ['fix', 'contact'],
    confirm: '问题会显示在评价人的进度页上，办理时限暂停。每一轮只能请评价人补充一次。确定吗？',
  },
  citizen_supplied: {
    label: '评价人已补充',
    from: ['waiting'],
    to: 'back',
    actors: ['citizen', 'handler'],
    fields: [text('words', '补充内容')],
    resumes: ['fix', 'contact'],
    stops: ['citizen_wait'],
  },
  resume_unanswered: {
    label: '评价人期满未补充，继续办理',
    from: ['waiting'],
    to: 'back',
    actors: ['system'],
    fields: [],
    resumes: ['fix', 'contact'],
    stops: ['citizen_wait'],
  },
  fix_now: { label: '立行立改', from: ['verifying'], to: 'fixing', actors: ['handler'], fields: [finding] },
  promise: {
    label: '承诺限期整改',
    from: ['verifying'],
    to: 'promised',
    actors: ['handler'],
    fields: [
      finding,
      text('plan', '整改措施'),
      text('owner', '责任人', 50),
      { name: 'promisedOn', label: '承诺完成日期', type: 'date', required: true },
    ],
    guards: ['promise_limit'],
    starts: ['promised'],
    stops: ['fix'],
  },
  explain: {
    label: '解释说明',
    from: ['verifying'],
    to: 'explaining',
    actors: ['handler'],
    fields: [finding, text('legalBasis', '法律法规依据')],
  },
  propose_rejection: {
    label: '提出不予采纳',
    from: ['verifying'],
    to: 'rejection_proposed',
    actors: ['handler'],
    fields: [choice('rejectionReason', '理由', REJECTION_REASONS), finding, evidence],
    starts: ['confirm'],
    pauses: ['fix', 'contact'],
    confirm: '将报同级政务服务管理机构确认，并告知评价人。确定提出吗？',
  },
  confirm_rejection: {
    label: '确认不予采纳',
    from: ['rejection_proposed'],
    to: 'feeding_back',
    actors: ['management'],
    fields: [text('note', '确认意见')],
    starts: ['reply'],
    resumes: ['contact'],
    stops: ['confirm', 'fix'],
    confirm: '确认后，这条评价不计入满意度，原评价和不采纳理由仍会公开计数。确定吗？',
  },
  refuse_rejection: {
    label: '退回，继续核实',
    from: ['rejection_proposed'],
    to: 'verifying',
    actors: ['management'],
    fields: [text('note', '退回意见')],
    resumes: ['fix', 'contact'],
    stops: ['confirm'],
  },
  request_extension: {
    label: '申请延期',
    from: ['promised'],
    to: 'same',
    actors: ['handler'],
    fields: [{ name: 'newDate', label: '延期至', type: 'date', required: true }, text('reason', '延期原因')],
    guards: ['extension_free', 'extension_limit'],
    starts: ['extension'],
    confirm: '延期须经上级主管部门批准，申请和决定都会公开显示。确定申请吗？',
  },
  approve_extension: {
    label: '批准延期',
    from: ['promised'],
    to: 'same',
    actors: ['superior'],
    fields: [text('note', '批准意见')],
    guards: ['extension_asked'],
    starts: ['promised'],
    stops: ['extension'],
  },
  refuse_extension: {
    label: '不批准延期',
    from: ['promised'],
    to: 'same',
    actors: ['superior'],
    fields: [text('note', '不批准的理由')],
    guards: ['extension_asked'],
    stops: ['extension'],
  },
  complete: {
    label: '整改完成',
    from: ['fixing', 'promised'],
    to: 'feeding_back',
    actors: ['handler'],
    fields: [text('done', '整改内容'), evidence],
    starts: ['reply'],
    stops: ['fix', 'promised', 'extension'],
  },
  explained: {
    label: '解释完成',
    from: ['explaining'],
    to: 'feeding_back',
    actors: ['handler'],
    fields: [text('explanation', '解释内容'), optional(evidence)],
    starts: ['reply'],
    stops: ['fix'],
  },
  reply: {
    label: '答复评价人',
    from: ['feeding_back'],
    to: 'resurvey',
    actors: ['handler'],
    fields: [text('reply', '答复内容')],
    guards: ['called_back'],
    starts: ['resurvey'],
    stops: ['reply', 'contact'],
    confirm: '答复将以短信发给评价人并显示在其进度页，发出后不能撤回。确定发出吗？',
  },
  answer_solved: {
    label: '评价人确认已解决',
    from: ['resurvey'],
    to: 'closed',
    actors: ['citizen'],
    fields: [choice('surveyLevel', '整改满意度', { satisfied: '满意', basically: '基本满意' }), words],
    stops: ['resurvey'],
  },
  note_answer: {
    label: '一位评价人确认已解决，等其他评价人回答',
    from: ['resurvey'],
    to: 'same',
    actors: ['citizen'],
    fields: [choice('surveyLevel', '整改满意度', { satisfied: '满意', basically: '基本满意' }), words],
  },
  record_solved: {
    label: '登记电话测评：已解决',
    from: ['resurvey'],
    to: 'closed',
    actors: ['management', 'superior'],
    fields: [...SPOKEN, choice('surveyLevel', '整改满意度', { satisfied: '满意', basically: '基本满意' })],
    guards: ['contact_allowed', 'calling_hours', 'sole_evaluator'],
    stops: ['resurvey'],
    confirm: '将按评价人在电话中所说办结，通话记录留存备查。办理单位自己不能登记。确定吗？',
  },
  record_unsolved: {
    label: '登记电话测评：没有解决',
    from: ['resurvey'],
    to: 'reopened',
    actors: ['management', 'superior'],
    fields: SPOKEN,
    guards: ['contact_allowed', 'calling_hours', 'sole_evaluator'],
    starts: ['review'],
    stops: ['resurvey'],
    newRound: true,
    confirm: '将按评价人在电话中所说重新办理，通话记录留存备查。确定吗？',
  },
  answer_unsolved: {
    label: '评价人表示没有解决',
    from: ['resurvey'],
    to: 'reopened',
    actors: ['citizen'],
    fields: [words],
    guards: ['adopted'],
    starts: ['review'],
    stops: ['resurvey'],
    newRound: true,
  },
  object_rejection: {
    label: '评价人对不予采纳有异议',
    from: ['resurvey'],
    to: 'reopened',
    actors: ['citizen'],
    fields: [words],
    guards: ['not_adopted'],
    starts: ['review'],
    stops: ['resurvey'],
    newRound: true,
  },
  close_unanswered: {
    label: '期满未答复，办结',
    from: ['resurvey'],
    to: 'closed',
    actors: ['system'],
    fields: [],
    stops: ['resurvey'],
  },
  reopen_by_source: {
    label: '同一事项再次反映，重新办理',
    from: ['resurvey', 'closed'],
    to: 'reopened',
    actors: ['system'],
    fields: [],
    starts: ['review'],
    stops: ['resurvey'],
    newRound: true,
  },
  direct_again: {
    label: '复核后重新交办',
    from: ['reopened'],
    to: 'to_sign',
    actors: ['superior'],
    fields: [
      optional({ ...organization, label: '交给（不选则仍由原单位办理）' }),
      text('instruction', '复核意见和要求'),
    ],
    guards: ['within_place'],
    starts: ['sign'],
    stops: ['review'],
  },
  reopen_by_inspection: {
    label: '督查发现问题，重新办理',
    from: ['feeding_back', 'resurvey', 'closed'],
    to: 'reopened',
    actors: ['supervisor'],
    fields: [
      text('finding', '督查发现'),
      choice('falseReport', '是否虚假整改或隐瞒', { yes: '是', no: '否' }),
      evidence,
    ],
    starts: ['review'],
    stops: ['reply', 'contact', 'resurvey'],
    newRound: true,
    confirm: '差评件将重新办理；认定虚假整改的，记入办理单位。确定吗？',
  },
} as const satisfies Record<string, CaseEventRule>

export type CaseEvent = keyof typeof CASE_EVENTS

/** The table with its common type, for code that walks it. */
export const caseEventRule = (event: CaseEvent): CaseEventRule => CASE_EVENTS[event]
export const isCaseEvent = (text: string): text is CaseEvent => Object.hasOwn(CASE_EVENTS, text)
export const caseEvents = Object.keys(CASE_EVENTS) as CaseEvent[]

/** Events by which the result of a round is found not to hold (R17, R18). */
export const REOPENING_EVENTS: readonly CaseEvent[] = caseEvents.filter(
  (event) => caseEventRule(event).newRound,
)
