import {
  Back,
  ChatDotRound,
  ChatLineRound,
  CircleCheck,
  CircleClose,
  Connection,
  Document,
  EditPen,
  Finished,
  Phone,
  Promotion,
  Remove,
  Right,
  Switch,
  Timer,
  User,
  Warning,
} from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { OfferedAction } from './types.ts'

/** An action of a case as menu, buttons and keyboard share it. */
export interface CaseAction extends OfferedAction {
  /** the key that opens its form */
  key: string | null
  icon: Component
  /** what it leads to, in a line */
  hint: string
}

interface Look {
  key: string | null
  icon: Component
  hint: string
}

/** How each event is shown and by which key it is reached. What it demands comes from the server. */
const LOOKS: Record<string, Look> = {
  propose_transfer: { key: null, icon: Switch, hint: '不是本单位办理的，报上级主管部门决定由谁办理。' },
  accept_transfer: { key: 'a', icon: CircleCheck, hint: '同意改派，由新的单位重新签收。' },
  refuse_transfer: { key: 'b', icon: Back, hint: '不同意改派，仍由原单位办理，时限继续计算。' },
  add_co_handler: { key: null, icon: Connection, hint: '涉及几个单位的，指定其他单位协办。' },
  remove_co_handler: {
    key: null,
    icon: Remove,
    hint: '与这件事无关的协办单位，写明理由取消；取消后该单位不能再查看。',
  },
  go_on_without: { key: null, icon: Right, hint: '协办单位迟迟没有提交情况的，写明理由，不再等待。' },
  co_report: { key: 'd', icon: Document, hint: '把本单位协办的情况告诉办理单位。' },
  change_verifier: { key: null, icon: User, hint: '换一名核实人；被评价人不能核实。' },
  ask_citizen: { key: 'q', icon: ChatLineRound, hint: '情况不清的，请评价人补充；时限暂停。' },
  citizen_supplied: { key: 'a', icon: ChatDotRound, hint: '评价人以其他方式作了补充的，登记下来继续办理。' },
  request_extension: { key: 't', icon: Timer, hint: '到期完不成的，报上级批准延期。' },
  approve_extension: { key: 'a', icon: CircleCheck, hint: '批准延期；新的承诺日期和原日期都会显示。' },
  refuse_extension: { key: 'b', icon: Back, hint: '不批准延期，仍按原承诺日期完成。' },
  record_solved: { key: null, icon: Phone, hint: '评价人在电话中说已经解决，登记后办结。' },
  record_unsolved: { key: null, icon: Phone, hint: '评价人在电话中说没有解决，登记后重新办理。' },
  direct_again: { key: 'a', icon: Promotion, hint: '看过以后提出要求，仍由原单位或改由其他单位重新办理。' },
  reopen_by_inspection: {
    key: null,
    icon: Warning,
    hint: '抽查、调阅、察看中发现没有解决或弄虚作假的，重新办理。',
  },
  sign: { key: 's', icon: EditPen, hint: '指定一名核实人，核实期限开始计算。' },
  record_contact: { key: 'c', icon: Phone, hint: '记下与评价人的一次联系；状态不变。' },
  fix_now: { key: 'f', icon: Finished, hint: '情况属实、马上能改的，现在就改。' },
  promise: { key: 'p', icon: Timer, hint: '情况复杂的，记入整改台账，到承诺的日期前改完。' },
  explain: { key: 'e', icon: ChatDotRound, hint: '诉求没有法律法规依据的，向评价人解释说明。' },
  propose_rejection: { key: 'x', icon: CircleClose, hint: '认为是误评或恶意差评的，报同级管理机构确认。' },
  confirm_rejection: { key: 'a', icon: CircleCheck, hint: '同意不予采纳，转由办理单位告知评价人。' },
  refuse_rejection: { key: 'b', icon: Back, hint: '不同意不予采纳，退回办理单位继续核实。' },
  complete: { key: 'd', icon: Finished, hint: '改完了，写明做了什么，附上佐证。' },
  explained: { key: 'd', icon: Document, hint: '解释已经作出，写明内容。' },
  reply: { key: 'r', icon: Promotion, hint: '把结果告诉评价人，之后请其评价整改是否满意。' },
}

/**
 * The actions the server offers, with their looks: first those done every day, which have a key, then the rest. An
 * event unknown here still has its button.
 */
export const actionsOf = <A extends OfferedAction>(offered: readonly A[]): (A & CaseAction)[] => {
  const actions = offered.map((action) => ({
    ...action,
    ...(LOOKS[action.event] ?? { key: null, icon: EditPen, hint: '' }),
  }))
  return [...actions.filter(({ key }) => key !== null), ...actions.filter(({ key }) => key === null)]
}
