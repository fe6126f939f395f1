import writeExcelFile from 'write-excel-file/node'
import { isDay, showDateTime } from '../../platform/time.ts'
import type { CallbackLine, CommitmentLine } from './registers.service.ts'

/** To the minute; what is told only as a day stays one. */
const when = (at: string | null) =>
  at === null || isDay(at) ? (at ?? '') : showDateTime(new Date(at)).replaceAll('/', '-')
const GAPS: Record<CallbackLine['missing'][number], string> = {
  not_contacted: '未回访',
  exempt: '评价人不愿被联系',
  not_rectified: '未整改',
}

/** One column of a sheet: its head, and what stands in it. */
type ColumnOf<Line> = [head: string, width: number, text: (line: Line) => string | number]

/** A sheet of plain texts and numbers: no cell is a formula, whatever somebody typed into a plan. */
async function sheet<Line>(name: string, columns: ColumnOf<Line>[], lines: Line[]): Promise<Buffer> {
  const head = columns.map(([value]) => ({ value, type: String, fontWeight: 'bold' as const }))
  const rows = lines.map((line) =>
    columns.map(([, , text]) => {
      const value = text(line)
      return typeof value === 'number' ? { value, type: Number } : { value, type: String }
    }),
  )
  return writeExcelFile([head, ...rows], {
    sheet: name,
    columns: columns.map(([, width]) => ({ width })),
    stickyRowsCount: 1,
  }).toBuffer()
}

/** 实名差评回访整改台账 (R20, Q73). */
export const callbackSheet = (lines: CallbackLine[]) =>
  sheet<CallbackLine>(
    '实名差评回访整改台账',
    [
      ['差评件编号', 24, (l) => l.caseNumber],
      ['地区', 12, (l) => l.regionName],
      ['办理单位', 26, (l) => l.organizationName],
      ['事项', 30, (l) => l.itemName],
      ['实名评价人', 12, (l) => l.evaluator ?? ''],
      ['产生时间', 18, (l) => when(l.openedAt)],
      ['现在环节', 14, (l) => l.stateLabel],
      [
        '回访',
        16,
        (l) =>
          l.exempt ? '评价人不愿被联系' : l.contacted ? '已回访' : l.round > 1 ? '本轮未回访' : '未回访',
      ],
      ['回访次数', 10, (l) => l.attempts],
      ['最近回访时间', 18, (l) => when(l.lastContactAt)],
      ['最近回访结果', 14, (l) => l.lastResult ?? ''],
      ['整改', 12, (l) => (l.notAdopted ? '不予采纳' : l.rectified ? '已整改' : '未整改')],
      ['整改时间', 18, (l) => when(l.rectifiedAt)],
      ['与 100% 的差距', 28, (l) => l.missing.map((gap) => GAPS[gap]).join('、')],
    ],
    lines,
  )

/** 限期整改承诺台账 (R15, Q65). */
export const commitmentSheet = (lines: CommitmentLine[]) =>
  sheet<CommitmentLine>(
    '限期整改承诺台账',
    [
      ['差评件编号', 24, (l) => l.caseNumber],
      ['地区', 12, (l) => l.regionName],
      ['承诺单位', 26, (l) => l.organizationName],
      ['事项', 30, (l) => l.itemName],
      ['承诺时间', 18, (l) => when(l.promisedAt)],
      ['整改措施', 40, (l) => l.plan ?? ''],
      ['责任人', 12, (l) => l.owner ?? ''],
      ['原承诺日期', 14, (l) => l.promisedFirst],
      ['延期次数', 10, (l) => l.extensions],
      ['现承诺日期', 14, (l) => l.promisedOn],
      ['完成时间', 18, (l) => when(l.completedAt)],
      ['履行情况', 12, (l) => l.statusLabel],
    ],
    lines,
  )
