// What those who were rated, those who judge and those who supervise write. All invented.

/** Of appeals (R29). */
export const APPEAL_WORDS = {
  statement: {
    mistaken: '（示例）叫号记录显示评价人当日办理的是相邻窗口的业务，本窗口没有受理过该事项。',
    malicious: '（示例）同一时段多个窗口收到内容相同的差评，监控中没有评价人办理业务的画面。',
    partly: '（示例）等候时间长属实，但系统故障不是窗口人员的责任，请求不计入个人。',
  },
  citizen: '我当天上午确实在这个窗口办理过，等了很久，可以提供取号小票。',
  reason: {
    upheld: '取号小票与评价相符，评价针对的业务确由该单位办理，维持原评价。',
    partly: '系统故障属实，评价计入单位，不计入工作人员个人。',
    mistaken: '叫号记录与监控一致，评价人办理的是其他窗口的业务，认定为误评。',
    malicious: '多个窗口的相同评价与办理记录均不对应，认定为恶意差评。',
  },
  again: '（示例）对决定不服，补充了当日排班表，请求复核。',
  citizenAgain: '我没有点错，确实是这个窗口，请再核实一次。',
  withdrawn: '与评价人沟通后已取得谅解，撤回申诉。',
} as const

/** Of supervision orders (R18). */
export const ORDER_WORDS = {
  demand: {
    urge: '请尽快核实并与评价人联系，两日内报进展。',
    supervise: '同类差评一月内多次出现，请查明原因，提出整改措施。',
    listed: '逾期未办且影响较大，挂牌督办，请主要负责人牵头整改并书面报告。',
  },
  answer: '已与评价人联系并说明情况，整改措施正在落实，预计三日内完成。',
  accepted: '整改情况属实，同意办结。',
  returned: '只写了已联系，没有写清整改了什么，请补充后重报。',
  withdrawn: '差评件已转其他单位办理，本督办撤销。',
} as const

/** Of spot checks, in the four kinds of Q71. */
export const CHECK_WORDS = {
  title: {
    sample: '整改质量抽样检查（示例）',
    file: '差评件档案调阅（示例）',
    site: '窗口整改实地察看（示例）',
    call: '办结差评件电话回访（示例）',
  },
  note: {
    none: '档案、现场与登记一致，评价人认可，未发现问题。',
    unresolved: '评价人表示问题依旧，窗口的材料清单没有更新。',
    false_report: '登记为已更新指南，现场查看仍是旧版，属虚报。',
    concealed: '同一窗口当月另有两次相同投诉没有登记，属瞒报。',
  },
  summary: '检查情况已通报相关单位，发现问题的差评件已重新办理。',
} as const

/** Of reports of retaliation (P6). */
export const RETALIATION_WORDS = {
  statement: '评价之后再去办事，被要求补交别人都不用交的材料，工作人员说“谁让你给差评”。',
  contact: '请在工作日下午联系（示例）',
  answer: '已约谈该单位负责人并核查办理记录，您的业务已由其他窗口办结，处理情况将另行告知。',
} as const

/** Of summaries of a month (R19). */
export const SUMMARY_WORDS = { withdrawal: '有一个县区的数据口径需要更正，重新生成。' } as const
