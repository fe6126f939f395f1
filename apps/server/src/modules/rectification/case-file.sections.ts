import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces'
import { isDay, showDateTime } from '../../platform/time.ts'
import type { FileView } from '../files/files.service.ts'
import type { TimelineEntry } from '../ledger/timeline.ts'
import type { AppealInBrief, OrderInBrief, WholeCase } from './case.whole.ts'

// The sections of a printed case file, each from what the case page shows to the same official: what is masked or
// redacted there is so here.

export type CaseDetail = Awaited<ReturnType<WholeCase['detail']>>
type Clock = CaseDetail['clocks'][number]

/** A moment in Asia/Shanghai; what is told only as a day stays one. */
export const moment = (at: string | null): string =>
  at === null ? '—' : isDay(at) ? at : showDateTime(new Date(at)).replaceAll('/', '-')
const yesNo = (value: boolean) => (value ? '是' : '否')

/** Names and values in two columns each; what has no value is left out. */
function facts(pairs: [string, string | number | null | undefined][]): Content {
  const cells = pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]): TableCell[] => [{ text: name, style: 'quiet' }, { text: String(value) }])
  const rows: TableCell[][] = []
  for (let i = 0; i < cells.length; i += 2) rows.push([...cells[i]!, ...(cells[i + 1] ?? ['', ''])])
  return {
    layout: 'rows',
    table: {
      widths: [70, '*', 70, '*'],
      dontBreakRows: true,
      body: rows.length > 0 ? rows : [['—', '', '', '']],
    },
  }
}

/** A heading does not stay behind when the block it heads is kept whole and moves to the next page. */
function section(title: string, ...content: Content[]): Content[] {
  const heading: Content = { text: title, style: 'section', headlineLevel: 1 }
  const [first, ...rest] = content
  return typeof first === 'object' && 'stack' in first && 'unbreakable' in first
    ? [{ ...first, stack: [heading, ...(first.stack as Content[])] } as Content, ...rest]
    : [heading, ...content]
}
const said = (label: string, text: string): Content => ({
  text: [{ text: `${label}：`, style: 'quiet' }, text],
  margin: [0, 3, 0, 0],
  wordBreak: 'break-all',
})

export const basics = (detail: CaseDetail): Content[] =>
  section(
    '一、基本情况',
    facts([
      ['差评件编号', detail.caseNumber],
      ['来源', detail.sourceLabel],
      ['当前环节', detail.stateLabel],
      ['办理结果', detail.outcomeLabel],
      ['办理轮次', detail.round],
      ['办理单位', detail.organizationName],
      ['所属地区', detail.regionName],
      ['核实人', detail.verifierName],
      ['生成时间', moment(detail.openedAt)],
      ['办结时间', detail.closedAt && moment(detail.closedAt)],
      ['实名评价', yesNo(detail.realName)],
      ['请勿联系', yesNo(detail.doNotContact)],
      ['曾经超期', yesNo(detail.everOverdue)],
      ['承诺完成日期', detail.promisedOn],
      ['不予采纳原因', detail.rejectionReasonLabel],
      ...detail.parties.map((party): [string, string] => [
        party.kindLabel,
        `${party.organizationName}（${moment(party.since)} 起${party.until ? `，${moment(party.until)} 止` : ''}）`,
      ]),
    ]),
  )

/** One thing the case came from, as the room of complaints tells it. */
export interface ToldSource {
  kindLabel: string
  at: string
  number: string | null
  levelLabel: string | null
  via: string | null
  words: string | null
}

const sourceOf = ({ kindLabel, at, number, levelLabel, via, words }: ToldSource): Content =>
  said(kindLabel, [moment(at), number, via, levelLabel, words].filter(Boolean).join('　'))

/** What was said, by all who said something; the evaluator only as the screen shows them, masked. */
export function rating({ evaluation }: CaseDetail, sources: readonly ToldSource[]): Content[] {
  const told: Content[] = [
    { text: '本件的由来（含并入的其他反映）', style: 'part' },
    ...sources.map((source) => sourceOf(source)),
  ]
  if (!evaluation) return section('二、反映内容', ...told)
  const who = evaluation.evaluatorMasked
  return section(
    '二、评价内容',
    facts([
      ['评价等级', evaluation.levelLabel],
      ['大厅等级', evaluation.hallLevelLabel],
      ['评价时间', moment(evaluation.submittedAt ?? evaluation.ratedOn)],
      ['评价渠道', evaluation.channelLabel],
      ['回执编号', evaluation.receiptNumber],
      ['评价人', who?.name],
      ['手机号', who?.phone],
      ['证件号', who?.idNumber],
    ]),
    ...(evaluation.options.length > 0
      ? [said('选项', evaluation.options.map((option) => option.label).join('；'))]
      : []),
    ...(evaluation.words ? [said('评价原话', evaluation.words)] : []),
    ...told,
  )
}

export const affair = ({ affair: of, itemName }: CaseDetail): Content[] =>
  section(
    '三、所评事项',
    facts([
      ['事项名称', itemName],
      ['办件编号', of?.affairNumber],
      ['办件名称', of?.affairName],
      ['办理阶段', of?.stage],
      ['服务时间', of?.servedAt && moment(of.servedAt)],
      ['服务大厅', of?.hallName],
      ['服务窗口', of?.windowName],
      ['窗口人员', of?.staffName],
    ]),
  )

const UNITS: Record<string, string> = { working_day: '个工作日', calendar_day: '个自然日' }
const DAYS_A_ROW = 4

/** Every day that was looked at: how the date came about. */
function arithmetic({ days }: Clock): Content {
  let counted = 0
  const cells: TableCell[] = days.map((day) => ({
    text: [
      { text: `${day.date} `, bold: day.counted },
      day.counted ? `第 ${++counted} 天` : day.reason || '不计',
    ],
    style: 'quiet',
  }))
  const rows: TableCell[][] = []
  for (let i = 0; i < cells.length; i += DAYS_A_ROW) {
    const row = cells.slice(i, i + DAYS_A_ROW)
    rows.push([...row, ...Array<TableCell>(DAYS_A_ROW - row.length).fill('')])
  }
  return {
    layout: 'noBorders',
    table: { widths: Array<'*'>(DAYS_A_ROW).fill('*'), dontBreakRows: true, body: rows },
  } satisfies ContentTable
}

function clockOf(clock: Clock): Content[] {
  const { policy } = clock
  const edition = policy.version === 0 ? '系统初始规定' : `规定第 ${policy.version} 版`
  const rule = clock.until
    ? `到 ${clock.until} 为止`
    : `${policy.value} ${UNITS[policy.unit] ?? policy.unit}（${policy.regionName}，${edition}${policy.source && `，依据：${policy.source}`}）`
  const standing = clock.stoppedAt
    ? `${moment(clock.stoppedAt)} 停止${clock.late ? '，已超期' : '，未超期'}`
    : clock.paused
      ? '暂停中'
      : '计时中'
  return [
    {
      unbreakable: true,
      stack: [
        { text: `${clock.label}：${standing}`, style: 'part' },
        said('规定', rule),
        facts([
          ['开始', moment(clock.startedAt)],
          ['截止', clock.dueAt ? `${moment(clock.dueAt)}${clock.provisional ? '（暂定）' : ''}` : '—'],
          ['等待', clock.awaitsLabel],
          ...clock.pauses.map((pause): [string, string] => [
            '暂停',
            `${moment(pause.from)} 至 ${moment(pause.to)}，${pause.reason}`,
          ]),
        ]),
      ],
    },
    ...(clock.days.length > 0 ? [arithmetic(clock)] : []),
  ]
}

export const clocks = (detail: CaseDetail): Content[] =>
  section(
    '四、时限与计算过程',
    ...(detail.clocks.length > 0 ? detail.clocks.flatMap(clockOf) : ['没有计时的环节。']),
  )

const placeInLedger = ({ entryId, position }: TimelineEntry, leaves: ReadonlyMap<string, string>): string =>
  position === null ? '等待写入账本' : `账本第 ${position + 1} 条　摘要 ${leaves.get(entryId) ?? '—'}`

/**
 * Every entry of the journal, oldest first, with its place in the ledger and its leaf there; the one who was rated is
 * told neither, by which the moment of the rating could be found.
 */
export const timeline = (detail: CaseDetail, leaves: ReadonlyMap<string, string>): Content[] =>
  section(
    '五、办理过程',
    ...detail.timeline.flatMap((entry): Content[] => [
      {
        unbreakable: true,
        margin: [0, 6, 0, 0],
        stack: [
          {
            text: [
              { text: entry.label, bold: true },
              { text: `　${entry.actorLabel}　${moment(entry.at)}`, style: 'quiet' },
            ],
          },
          ...entry.facts.map((fact) => said(fact.label, fact.value)),
        ],
      },
      ...entry.texts.map((text) => said(text.label, text.text)),
      ...(entry.files.length > 0 ? [said('佐证材料', entry.files.map((file) => file.name).join('；'))] : []),
      ...(detail.redacted ? [] : [{ text: placeInLedger(entry, leaves), style: 'hash' }]),
    ]),
  )

/** The orders and appeals whose steps stand in the timeline, each with what it came to. */
export function beside({ orders, appeals }: { orders: OrderInBrief[]; appeals: AppealInBrief[] }): Content[] {
  if (orders.length + appeals.length === 0) return section('六、督办和申诉', '没有督办，也没有申诉。')
  return section(
    '六、督办和申诉',
    ...orders.map(
      (order): Content => ({
        unbreakable: true,
        stack: [
          { text: `${order.kindLabel}：${order.stateLabel}`, style: 'part' },
          facts([
            ['发出单位', order.issuerName],
            ['发出时间', moment(order.issuedAt)],
            ['答复期限', order.dueAt && moment(order.dueAt)],
            ['答复时间', order.answeredAt && moment(order.answeredAt)],
            ['办结时间', order.closedAt && moment(order.closedAt)],
            ['曾经超期', yesNo(order.everOverdue)],
          ]),
        ],
      }),
    ),
    ...appeals.map(
      (appeal): Content => ({
        unbreakable: true,
        stack: [
          { text: `第 ${appeal.number} 次申诉：${appeal.outcomeLabel ?? appeal.stateLabel}`, style: 'part' },
          facts([
            ['申诉人', appeal.appellantLabel],
            ['请求', appeal.claimLabel],
            ['审理', appeal.deciderLabel],
            ['状态', appeal.stateLabel],
            ['提出时间', moment(appeal.filedAt)],
            ['决定时间', appeal.decidedAt && moment(appeal.decidedAt)],
            ['复核时间', appeal.reexaminedAt && moment(appeal.reexaminedAt)],
          ]),
          ...(appeal.effect ? [said('决定的效力', appeal.effect)] : []),
        ],
      }),
    ),
  )
}

const sizeText = (bytes: number) =>
  bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`

/** The evidence that entries name, with the digest by which it is stored and named in the journal. */
export function evidence(detail: CaseDetail, files: readonly FileView[]): Content[] {
  const named = new Set(detail.timeline.flatMap((entry) => entry.files.map((file) => file.fileId)))
  const rows = files
    .filter((file) => named.has(file.fileId))
    .map((file): TableCell[] => [
      { text: file.name, wordBreak: 'break-all' },
      { text: sizeText(file.size), style: 'quiet' },
      { text: file.digest, style: 'hash' },
    ])
  if (rows.length === 0) return section('七、佐证材料', '没有随件的佐证材料，或不对您开放。')
  const head = ['文件', '大小', '内容摘要（SM3）'].map((text): TableCell => ({ text, style: 'quiet' }))
  return section('七、佐证材料', {
    layout: 'rows',
    table: { headerRows: 1, widths: ['*', 45, 265], dontBreakRows: true, body: [head, ...rows] },
  })
}
