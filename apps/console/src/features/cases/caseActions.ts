import {
  Back,
  ChatDotRound,
  CircleCheck,
  CircleClose,
  Document,
  EditPen,
  Finished,
  Phone,
  Promotion,
  Timer,
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
  key: string
  icon: Component
  hint: string
}

/** How each event is shown and by which key it is reached. What it demands comes from the server. */
const LOOKS: Record<string, Look> = {
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

/** The actions the server offers, with their looks. An event unknown here still has its button. */
export const actionsOf = (offered: readonly OfferedAction[]): CaseAction[] =>
  offered.map((action) => ({ ...action, ...(LOOKS[action.event] ?? { key: null, icon: EditPen, hint: '' }) }))
