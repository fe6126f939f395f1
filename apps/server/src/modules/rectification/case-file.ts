import type { Content } from 'pdfmake/interfaces'
import type { App } from '../../platform/context.ts'
import { asStaff } from '../../platform/database.ts'
import { printPdf } from '../../platform/pdf.ts'
import type { FilesService } from '../files/files.service.ts'
import { type Official, placeOf } from '../identity/official.ts'
import type { LedgerService } from '../ledger/ledger.service.ts'
import type { WholeCase } from './case.whole.ts'
import {
  affair,
  basics,
  beside,
  type CaseDetail,
  clocks,
  evidence,
  moment,
  rating,
  type ToldSource,
  timeline,
} from './case-file.sections.ts'

type Checkpoint = NonNullable<Awaited<ReturnType<LedgerService['latest']>>>

/** What the whole was made against, so that it can be checked years later. */
const proof = (checkpoint: Checkpoint | null): Content[] => [
  { text: '八、账本核对', style: 'section', headlineLevel: 1 },
  checkpoint
    ? {
        stack: [
          `本案卷按账本检查点第 ${checkpoint.size} 条（${moment(checkpoint.issuedAt)} 签发）整理。办理过程中每条记录的摘要，均可凭序号在该检查点或其后的检查点中核验；佐证材料可用 SM3 重新计算摘要比对。`,
          { text: `根摘要 ${checkpoint.root}`, style: 'hash', margin: [0, 4, 0, 0] },
          { text: `签名公钥编号 ${checkpoint.keyId}`, style: 'hash' },
          { text: `签名 ${checkpoint.signature}`, style: 'hash', wordBreak: 'break-all' },
        ],
      }
    : '账本还没有签发检查点。',
]

/** A case on paper for the archive (归档): everything its page shows, with the ledger's numbers and hashes. */
export function makeCaseFile(
  app: App,
  {
    wholeCase,
    ledger,
    files,
    caseSources,
  }: {
    wholeCase: Pick<WholeCase, 'record'>
    ledger: Pick<LedgerService, 'latest' | 'leavesOf'>
    files: Pick<FilesService, 'ofCase'>
    /** what each thing says that the case came from */
    caseSources: { ofCase(official: Official, id: string): Promise<{ items: ToldSource[] }> }
  },
) {
  /** The leaf of every step, by its entry: those of appeals may stand with a rating that was joined. */
  async function leavesOf({ timeline }: CaseDetail): Promise<ReadonlyMap<string, string>> {
    const leaves = new Map<string, string>()
    for (const subject of new Set(timeline.map(({ subjectId }) => subjectId)))
      for (const [entry, leaf] of await ledger.leavesOf(subject)) leaves.set(entry, leaf)
    return leaves
  }

  /**
   * What is printed, still as data.
   * @throws Problem 404 case-unknown
   */
  async function document(official: Official, id: string) {
    const { detail, appealFiles, ...others } = await wholeCase.record(official, id)
    const kept = await asStaff(app.db, placeOf(official), (tx) => files.ofCase(tx, id))
    const leaves = await leavesOf(detail)
    const { items: sources } = await caseSources.ofCase(official, id)
    const printedAt = app.clock()
    const content: Content = [
      { text: '政务服务“好差评”差评件案卷', style: 'title' },
      {
        text: `${app.config.cityName}　${detail.organizationName}　${detail.caseNumber}`,
        alignment: 'center',
        style: 'quiet',
      },
      ...basics(detail),
      ...rating(detail, sources),
      ...affair(detail),
      ...clocks(detail),
      ...timeline(detail, leaves),
      ...beside(others),
      ...evidence(detail, [...kept, ...appealFiles]),
      ...proof(await ledger.latest()),
    ]
    return {
      title: `差评件案卷 ${detail.caseNumber}`,
      foot: `${detail.caseNumber}　${official.displayName} 于 ${moment(printedAt.toISOString())} 打印`,
      printedAt,
      content,
      caseNumber: detail.caseNumber,
    }
  }

  return {
    document,
    /** @throws Problem 404 case-unknown */
    async print(official: Official, id: string): Promise<{ name: string; pdf: Buffer }> {
      const { caseNumber, ...order } = await document(official, id)
      return { name: `${caseNumber}.pdf`, pdf: await printPdf(order) }
    },
  }
}
export type CaseFileService = ReturnType<typeof makeCaseFile>
