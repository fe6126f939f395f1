/** A number a rule needs, with what it counts and where it comes from. */
export interface PolicyDefinition {
  label: string
  value: number
  unit:
    | 'working_day'
    | 'calendar_day'
    | 'minute'
    | 'second'
    | 'character'
    | 'evaluation'
    | 'attempt'
    | 'hour'
    | 'day_of_month'
    | 'message'
  source: string
  /** a time limit: lower places may shorten it, never lengthen it (Q30) */
  stricterBelow: boolean
  /** may differ by the kind of service item (行政许可, 公共服务 …): the limits of cases may */
  byCategory?: true
}

const SHANGHAI = '参照上海“1、5、15”时限，可由市级主管部门修改'
const OWN = '系统初始值，可由市级主管部门修改'
const limit = (
  label: string,
  value: number,
  unit: PolicyDefinition['unit'],
  source = OWN,
): PolicyDefinition => ({ label, value, unit, source, stricterBelow: true })
/** A limit of a case, which may differ by the kind of item it is about. */
const caseLimit = (label: string, value: number, source = OWN): PolicyDefinition => ({
  ...limit(label, value, 'working_day', source),
  byCategory: true,
})
const number = (
  label: string,
  value: number,
  unit: PolicyDefinition['unit'],
  source = OWN,
): PolicyDefinition => ({ label, value, unit, source, stricterBelow: false })

/**
 * The keys there are, and what they start with. These are only the first rows of a versioned table: rows valid from
 * a date, for a region, win over them.
 */
export const POLICY_DEFAULTS = {
  sign: caseLimit('签收时限', 1, SHANGHAI),
  contact: caseLimit('联系评价人时限', 1, SHANGHAI),
  fix: caseLimit('核实与立行立改时限', 5, SHANGHAI),
  promised: caseLimit('限期整改最长时限', 15, SHANGHAI),
  confirm: caseLimit('不予采纳确认时限', 5),
  reply: caseLimit('答复时限', 2),
  extension_decision: limit('延期申请审批时限', 2, 'working_day'),
  transfer_decision: limit('改派申请审批时限', 1, 'working_day'),
  citizen_wait: limit('等待评价人补充的最长时间', 10, 'working_day'),
  contact_attempts_per_day: limit('同一评价人每日联系次数上限', 2, 'attempt'),
  calling_from: number('电话回访最早时间', 9, 'hour'),
  calling_to: limit('电话回访最晚时间', 20, 'hour'),
  escalate_district: limit('超期后报区级主管部门', 1, 'working_day'),
  escalate_city: limit('超期后报市级主管部门', 2, 'working_day'),
  order_answer: limit('督办件答复时限', 3, 'working_day'),
  resurvey: number('满意度测评答复期限', 7, 'calendar_day'),
  supplement: number('补充评价期限', 30, 'calendar_day'),
  follow_up: number('追评期限（办结后）', 30, 'calendar_day'),
  matter_reopen: number('同一办件再次反映、重新办理的期限（办结后）', 30, 'calendar_day'),
  resubmit_grace: number('重复提交宽限', 120, 'second'),
  words_max: number('文字评价最多字数', 500, 'character'),
  ranking_minimum: number('参与排名的最少评价数', 30, 'evaluation'),
  k_anonymity: number('公开数据的最小件数', 5, 'evaluation'),
  appeal: limit('申诉提出时限', 5, 'working_day'),
  appeal_decision: limit('申诉处理时限', 10, 'working_day'),
  reexamination: limit('申诉复核时限', 10, 'working_day'),
  quiet_from: limit('短信免打扰开始时间', 21, 'hour'),
  quiet_to: number('短信免打扰结束时间', 8, 'hour'),
  message_cap: limit('每人每周消息上限', 3, 'message'),
  reminder_after: number('催评间隔', 3, 'calendar_day'),
  summary_day: number('每月生成上月通报的日期', 5, 'day_of_month'),
  summary_publish_day: number('每月公布上月通报的最晚日期', 10, 'day_of_month'),
  lockout_failures: number('密码连续输错锁定次数', 5, 'attempt'),
  lockout_minutes: number('账号锁定时长', 15, 'minute'),
  session_idle_minutes: number('登录闲置超时', 30, 'minute'),
  session_absolute_minutes: number('登录最长时长', 480, 'minute'),
} as const satisfies Record<string, PolicyDefinition>

export type PolicyKey = keyof typeof POLICY_DEFAULTS
export const isPolicyKey = (text: string): text is PolicyKey => Object.hasOwn(POLICY_DEFAULTS, text)

/** One version of one number. */
export interface PolicyRow {
  key: string
  regionCode: string
  version: number
  value: number
  validFrom: Date
  /** the kind of service item it is for; none: for all of them */
  category?: string
}

/**
 * The row that applies: of the nearest region that has one in force at that moment, the one valid from the latest
 * date, of those the highest version. Within a region one for the kind of item goes before one for all items. Null
 * when none does (the default applies).
 *
 * @param regionAncestors the region itself first, then those above it
 * @param category the kind of the item it is asked for; none: only what is for all items
 */
export function pickPolicy<Row extends PolicyRow>(
  rows: readonly Row[],
  key: string,
  regionAncestors: readonly string[],
  at: Date,
  category = '',
): Row | null {
  const own = rows.filter((row) => row.key === key && row.validFrom <= at)
  for (const region of regionAncestors)
    for (const kind of new Set([category, ''])) {
      const inForce = own.filter((row) => row.regionCode === region && (row.category ?? '') === kind)
      if (inForce.length > 0)
        return inForce.reduce((best, row) =>
          row.validFrom > best.validFrom ||
          (row.validFrom.getTime() === best.validFrom.getTime() && row.version > best.version)
            ? row
            : best,
        )
    }
  return null
}
