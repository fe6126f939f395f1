import { showDateTime } from '../platform/time.ts'
import { QrCode } from './hall.page.tsx'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import { CaseSteps, Reply } from './receipt.case.tsx'
import { Fact, HowToTell } from './receipt.page.tsx'
import { type ReportShown, RetaliationBlock } from './retaliation.page.tsx'
import type { CitizenCase, ComplaintReceipt } from './services.ts'
import { SupplyForm } from './supply.form.tsx'
import { SurveyForm, type SurveyState } from './survey.form.tsx'

export interface ComplaintPage {
  frame: Frame
  token: string
  complaint: ComplaintReceipt
  /** The case, once there is one. */
  case: CitizenCase | null
  qr: string
  survey?: SurveyState
  /** what the citizen reported past the organisation */
  reports: ReportShown[]
}

/** Progress, answer and re-survey of a complaint or an opinion, as the receipt is of a rating. */
export function complaintPage({
  frame,
  token,
  complaint: c,
  case: found,
  qr,
  survey,
  reports,
}: ComplaintPage): string {
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: survey?.error ? `有内容需要修改 - ${c.kindLabel}进度` : `${c.kindLabel}进度`,
    chrome: 'focus',
    scripts: ['/static/rate.js'],
    body: (
      <div class="reading">
        {survey?.error && (
          <div class="error-summary" role="alert" tabIndex={-1} data-errors>
            <h2>{found?.canAnswer ? '还没有提交，请先改这里' : '这次没有提交'}</h2>
            <p>{survey.error}</p>
          </div>
        )}
        <h1>{found?.canAnswer ? '已有答复，请您说说是否解决' : `您的${c.kindLabel}已收到`}</h1>
        {found?.canAnswer && (
          <>
            {found.reply && <Reply case={found} />}
            <SurveyForm token={token} state={survey} />
          </>
        )}
        {found?.question && <SupplyForm token={token} question={found.question} state={survey} />}
        <section class="card" aria-label="回执">
          <div class="receipt-head">
            <div>
              <p class="muted">{c.kindLabel}编号</p>
              <p class="receipt-number number">{c.complaintNumber}</p>
              <p>收到时间：{showDateTime(c.receivedAt)}</p>
            </div>
            <QrCode svg={qr} label="本页的二维码，扫码可随时回到这里" />
          </div>
          <p class="small">
            请截图或收藏本页。凭本页可以随时查看进度；有这个链接或二维码的人就能看到本页，请不要转发给别人。
          </p>
        </section>
        {found ? (
          <CaseSteps case={found} answerBy={null}>
            {c.doNotContact && <p>您表示不希望被联系：不会有人打电话给您，答复只写在本页。</p>}
          </CaseSteps>
        ) : (
          <section class="card">
            <h2>接下来</h2>
            <p>
              正在转给负责处理的单位：<b>{c.organizationName}</b>。请稍后刷新本页。
            </p>
          </section>
        )}
        {found?.reply && !found.canAnswer && <Reply case={found} />}
        <section class="card">
          <h2>您反映的情况</h2>
          <dl class="facts">
            <Fact name="来源">{c.mediumLabel}</Fact>
            {c.itemName && <Fact name="事项">{c.itemName}</Fact>}
            <Fact name="办理单位">{c.organizationName}</Fact>
            {c.words && <Fact name="内容">{c.words}</Fact>}
            <Fact name="留名">{c.realName ? '实名' : '没有留电话'}</Fact>
          </dl>
        </section>
        <HowToTell token={token} />
        <RetaliationBlock token={token} reports={reports} />
        <section class="card">
          <h2>核验</h2>
          {c.position === null ? (
            <p>正在写入公开账本，通常只要几秒，稍后刷新本页可以看到编号。</p>
          ) : (
            <p>
              已写入公开账本第 <b class="number">{c.position + 1}</b>{' '}
              条。账本只能增加，改动或删除任何一条都会被查出来。
              <a href={`/api/v1/receipts/${token}/proof`}>下载证明文件</a>，按
              <a href="/ledger">公开账本</a>页上的方法可以自己核验。
            </p>
          )}
        </section>
      </div>
    ),
  })
}
