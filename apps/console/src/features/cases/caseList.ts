import type { Column } from '../../components/table.ts'
import { ORDER_KIND_OPTIONS } from '../supervision/supervision.ts'
import type { CaseRow } from './types.ts'

const person = (row: CaseRow) => (row.realName ? (row.doNotContact ? '实名，不愿被联系' : '实名') : '匿名')

/** The columns of open cases, or of closed ones. */
export const columnsOf = (closed: boolean): Column<CaseRow>[] => [
  { key: 'case', title: '差评件', width: '22%' },
  ...(closed
    ? [
        { key: 'closed', title: '办结时间' },
        { key: 'outcome', title: '结果', text: (row: CaseRow) => row.outcomeLabel },
        { key: 'ever', title: '期限' },
      ]
    : [
        { key: 'due', title: '剩余时间' },
        { key: 'state', title: '状态' },
      ]),
  { key: 'level', title: '评价' },
  { key: 'person', title: '评价人', text: person },
  { key: 'organization', title: '办理单位', text: (row) => row.organizationName },
  { key: 'verifier', title: '核实人' },
]

/** Open orders a list may be narrowed to. */
export const ORDER_OPTIONS = [
  { value: 'any', label: '有未结的督办' },
  ...ORDER_KIND_OPTIONS.map(({ value, label }) => ({ value, label: `未结的${label}` })),
]

/** What stands in an empty list, and what to do about it. */
export function emptyWords(
  view: {
    due?: string | undefined
    clock?: string | undefined
    turn?: string | undefined
    mine?: string | undefined
    closed?: string | undefined
    state?: string | undefined
  },
  narrowed: boolean,
): { words: string; hint: string | undefined } {
  if (narrowed) return { words: '没有符合条件的差评件。', hint: '放宽或清空上面的筛选条件再看。' }
  if (view.closed)
    return { words: '还没有办结的差评件。', hint: '评价人答复满意度测评或期满后，差评件办结并列在这里。' }
  if (view.clock) return { words: '没有因这个时限要办的差评件。', hint: '其余差评件在“全部在办”里。' }
  if (view.due === 'overdue')
    return { words: '没有超期的差评件。', hint: '继续保持；快到期的在“三日内到期”里。' }
  if (view.due === 'late')
    return { words: '没有单位超期的差评件。', hint: '等上级决定而超过期限的，在“已超期”里。' }
  if (view.due === 'today') return { words: '没有今天到期的差评件。', hint: '可以先办“三日内到期”的。' }
  if (view.due === 'week') return { words: '本周没有要到期的差评件。', hint: '其余差评件在“全部在办”里。' }
  if (view.due === 'soon')
    return { words: '三个工作日内没有到期的差评件。', hint: '其余差评件在“全部在办”里。' }
  if (view.turn === 'me')
    return {
      words: '现在没有该您办的差评件。',
      hint: '等评价人、等其他单位的在“全部在办”里；轮到您时会回到这里。',
    }
  if (view.mine)
    return {
      words: '现在没有等您办理的差评件。',
      hint: '本单位待签收的、由您核实的和等您确认的差评件会列在这里。',
    }
  if (view.state) return { words: '没有处于这个状态的差评件。', hint: undefined }
  return { words: '没有在办的差评件。', hint: '收到差评后几秒内，差评件会自动出现在这里。' }
}
