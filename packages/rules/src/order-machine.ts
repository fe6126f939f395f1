/** How urgent a supervision order is (R18, Q74). */
export const ORDER_KINDS = { urge: '催办', supervise: '督办', listed: '挂牌督办' } as const
export type OrderKind = keyof typeof ORDER_KINDS
export const isOrderKind = (text: string): text is OrderKind => Object.hasOwn(ORDER_KINDS, text)

/** Where an order stands. */
export const ORDER_STATES = {
  issued: '待答复',
  answered: '待审核',
  returned: '退回重报',
  accepted: '已通过',
  withdrawn: '已撤销',
} as const
export type OrderState = keyof typeof ORDER_STATES

/** Who makes an order move: the organisation it is addressed to, or the authority above that gave it. */
export type OrderActor = 'addressee' | 'supervisor'

/** Something a step of an order demands. */
export interface OrderField {
  name: string
  label: string
  type: 'text' | 'files'
  required: boolean
  maxLength?: number
}

/** One row of the table: from where, to where, by whom, with what, and what becomes of the clock. */
export interface OrderEventRule {
  label: string
  /** what it is called in the journal: supervision.<past> */
  past: string
  from: readonly OrderState[]
  to: OrderState
  actor: OrderActor
  fields: readonly OrderField[]
  clock: 'start' | 'stop' | 'leave'
  /** said before it is done, where it cannot be taken back */
  confirm?: string
}

const text = (name: string, label: string, required = true): OrderField => ({
  name,
  label,
  type: 'text',
  required,
  maxLength: 1000,
})

/** The demand an order is given with. */
export const ORDER_DEMAND: OrderField = text('demand', '督办要求')

/** The whole of it: states × events → target, actor, demanded fields, clock. */
export const ORDER_EVENTS = {
  answer: {
    label: '答复督办',
    past: 'answered',
    from: ['issued', 'returned'],
    to: 'answered',
    actor: 'addressee',
    fields: [
      text('answer', '答复内容'),
      { name: 'evidence', label: '佐证材料', type: 'files', required: false },
    ],
    clock: 'stop',
  },
  accept: {
    label: '审核通过',
    past: 'accepted',
    from: ['answered'],
    to: 'accepted',
    actor: 'supervisor',
    fields: [text('note', '审核意见', false)],
    clock: 'leave',
    confirm: '通过后这项督办就此办结，不能再改。确定通过吗？',
  },
  return: {
    label: '退回重报',
    past: 'returned',
    from: ['answered'],
    to: 'returned',
    actor: 'supervisor',
    fields: [text('note', '退回理由')],
    clock: 'start',
  },
  withdraw: {
    label: '撤销督办',
    past: 'withdrawn',
    from: ['issued', 'answered', 'returned'],
    to: 'withdrawn',
    actor: 'supervisor',
    fields: [text('note', '撤销理由')],
    clock: 'stop',
    confirm: '撤销会写入账本并说明理由，不能恢复。确定撤销吗？',
  },
} as const satisfies Record<string, OrderEventRule>

export type OrderEvent = keyof typeof ORDER_EVENTS
export const isOrderEvent = (text: string): text is OrderEvent => Object.hasOwn(ORDER_EVENTS, text)
/** The table with its common type, for code that walks it. */
export const orderEventRule = (event: OrderEvent): OrderEventRule => ORDER_EVENTS[event]

/** Nothing more will happen to it. */
export const orderIsOver = (state: OrderState): boolean => state === 'accepted' || state === 'withdrawn'
/** The organisation is to answer, so the clock runs. */
export const orderAwaitsAnswer = (state: OrderState): boolean => state === 'issued' || state === 'returned'

/** The events an actor may start in a state. */
export const allowedOrderEvents = (state: OrderState, actor: OrderActor): OrderEvent[] =>
  (Object.keys(ORDER_EVENTS) as OrderEvent[]).filter((event) => {
    const rule = orderEventRule(event)
    return rule.actor === actor && rule.from.includes(state)
  })

/** Values of the fields: text, or ids of files. */
export type OrderFieldValues = Readonly<Record<string, string | readonly string[] | undefined>>

export interface OrderProblem {
  field?: string
  message: string
}

/** What is wrong with what was given for some fields; nothing when all is well. */
export function checkOrderFields(fields: readonly OrderField[], values: OrderFieldValues): OrderProblem[] {
  const unknown = Object.keys(values).filter((name) => !fields.some((field) => field.name === name))
  return [
    ...unknown.map((name) => ({ field: name, message: `不认识的字段：${name}` })),
    ...fields.flatMap((field) => {
      const value = values[field.name]
      const problem = (message: string) => [{ field: field.name, message: `${field.label}：${message}` }]
      const empty =
        value === undefined || (typeof value === 'string' ? value.trim() === '' : value.length === 0)
      if (empty) return field.required ? problem(field.type === 'files' ? '请上传' : '必填') : []
      if (field.type === 'files') return Array.isArray(value) ? [] : problem('应为文件')
      if (typeof value !== 'string') return problem('格式不对')
      if (field.maxLength && [...value].length > field.maxLength) return problem(`最多 ${field.maxLength} 字`)
      return []
    }),
  ]
}

/** Where an event leads, or every reason why it may not happen. */
export type OrderStep = { ok: true; state: OrderState } | { ok: false; problems: OrderProblem[] }

/**
 * Applies an event to an order.
 *
 * @returns the new state; or that the event does not fit the state, or what is missing or wrong with its fields
 * @example applyOrderEvent('issued', 'answer', { answer: '已整改' }) // { ok: true, state: 'answered' }
 */
export function applyOrderEvent(state: OrderState, event: OrderEvent, values: OrderFieldValues): OrderStep {
  const rule = orderEventRule(event)
  if (!rule.from.includes(state))
    return {
      ok: false,
      problems: [{ message: `督办现在是“${ORDER_STATES[state]}”，不能“${rule.label}”。` }],
    }
  const problems = checkOrderFields(rule.fields, values)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, state: rule.to }
}
