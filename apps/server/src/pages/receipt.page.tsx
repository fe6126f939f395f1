import type { FollowUpShown, FollowUpState } from '../modules/evaluations/follow-up.service.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { AppealCard } from './appeal.page.tsx'
import { QrCode } from './hall.page.tsx'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import { Face, levelLabel } from './levels.tsx'
import { CaseSteps, Provisional, Reply } from './receipt.case.tsx'
import { type ReportShown, RetaliationBlock } from './retaliation.page.tsx'
import type { CitizenAppeal, CitizenCase, Expected, ReceiptView } from './services.ts'
import { SupplyForm } from './supply.form.tsx'
import { SurveyForm, type SurveyState } from './survey.form.tsx'
import { VerifyBlock } from './verify.block.tsx'

export interface ReceiptPage {
  frame: Frame
  token: string
  receipt: ReceiptView
  /** The case, once there is one. */
  case: CitizenCase | null
  /** For a negative rating whose case is not there yet, or waits to be taken up. */
  expected: Expected | null
  /** The appeal against the rating, where there is one. */
  appeal: CitizenAppeal | null
  /** The one rating after rectification: given, possible now, or neither. */
  followUp: FollowUpState | null
  qr: string
  /** Path of the hall tablet this was rated on; empty elsewhere. */
  home: string
  survey?: SurveyState
  /** what the citizen reported past the organisation */
  reports: ReportShown[]
}

/** Receipt, progress, answer and re-survey: all that follows a rating, on one page the citizen keeps. */
export function receiptPage(props: ReceiptPage): string {
  const { frame, token, receipt, survey, home } = props
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: survey?.error ? '有内容需要修改 - 评价回执' : '评价回执',
    chrome: 'focus',
    scripts: ['/static/rate.js'],
    body: (
      <div class="reading" data-home={home || undefined}>
        {survey?.error && (
          <div class="error-summary" role="alert" tabIndex={-1} data-errors>
            <h2>{props.case?.canAnswer ? '还没有提交，请先改这里' : '这次没有提交'}</h2>
            {props.case?.canAnswer ? (
              <ul>
                <li>
                  <a
                    class="error-link"
                    href={survey.field === 'words' ? '#survey-words' : '#survey-satisfied'}
                  >
                    {survey.error}
                  </a>
                </li>
              </ul>
            ) : (
              <p>{survey.error}</p>
            )}
          </div>
        )}
        <h1>{props.case?.canAnswer ? '已有答复，请您说说是否解决' : '评价已收到，谢谢您'}</h1>
        {/* Whoever comes back to answer finds the question first, not what they kept long ago. */}
        {props.case?.canAnswer && (
          <>
            {props.case.reply && <Reply case={props.case} />}
            <SurveyForm token={token} state={survey} />
          </>
        )}
        {props.appeal && <AppealCard token={token} appeal={props.appeal} />}
        {props.case?.question && <SupplyForm token={token} question={props.case.question} state={survey} />}
        <section class="card" aria-label="回执">
          <div class="receipt-head">
            <div>
              <p class="muted">回执编号</p>
              <p class="receipt-number number">{receipt.receiptNumber}</p>
              <p>提交时间：{showDateTime(receipt.submittedAt)}</p>
            </div>
            <QrCode svg={props.qr} label="本页的二维码，扫码可随时回到这张回执" />
          </div>
          <p class="small">
            {home
              ? '请用手机扫码，把这张回执带走。凭它可以随时查看进度；有这个二维码的人就能看到本页，请不要转发给别人。'
              : '请截图或收藏本页。凭本页可以随时查看进度；有这个链接或二维码的人就能看到本页，请不要转发给别人。'}
          </p>
        </section>
        <NextSteps {...props} />
        {props.case?.reply && !props.case.canAnswer && <Reply case={props.case} />}
        {props.followUp?.status === 'open' && <MayFollowUp token={token} until={props.followUp.until} />}
        <WhatWasSaid
          receipt={receipt}
          followUp={props.followUp?.status === 'given' ? props.followUp.followUp : null}
        />
        {receipt.negative && <HowToTell token={token} />}
        {!home && <RetaliationBlock token={token} reports={props.reports} />}
        <VerifyBlock token={token} receipt={receipt} again={frame.path ?? `/p/${token}`} />
        {home && (
          <p class="idle" data-idle>
            <span data-idle-text /> <a href={home}>看完了，清除并返回</a>
          </p>
        )}
      </div>
    ),
  })
}

export const HowToTell = ({ token }: { token: string }) => (
  <p>
    <a href={`/p/${token}/contact`}>怎样通知我（改用邮箱，或不再接收消息）</a>
  </p>
)

function NextSteps({ receipt, case: found, expected }: ReceiptPage) {
  if (!receipt.negative)
    return (
      <section class="card">
        <h2>接下来</h2>
        <p>您的评价会计入公开统计，并写入公开账本。这次评价不需要您再做什么。</p>
      </section>
    )
  const quiet = receipt.doNotContact && <p>您选择了“不要联系我”：不会有人打电话给您，答复只写在本页。</p>
  if (found)
    return (
      <CaseSteps case={found} answerBy={expected?.answerBy ?? null}>
        {quiet}
      </CaseSteps>
    )
  return (
    <section class="card">
      <h2>接下来</h2>
      {expected ? (
        <>
          <p>
            负责处理的单位：<b>{expected.organizationName}</b>
          </p>
          <p>
            最晚 <b>{showDateTime(expected.signBy)}</b> 前接手，最晚 <b>{showDateTime(expected.answerBy)}</b>{' '}
            前核实并办理。
          </p>
          {expected.provisional && <Provisional />}
        </>
      ) : (
        <p>正在转给办理单位，请稍后刷新本页。</p>
      )}
      {quiet}
      <p>
        处理完会在本页答复，并请您说说是否真的解决了。到期没有处理，会记为超期，上级部门看得到，也会公开统计。
      </p>
    </section>
  )
}

/** Offered, never asked for: the re-survey above it is the question. */
function MayFollowUp({ token, until }: { token: string; until: Date | null }) {
  return (
    <section class="card">
      <h2>整改以后，可以再评价一次</h2>
      <p>
        追评只有一次，可评可不评。两次评价都保留、并列公开，追评不会改动第一次评价。
        {until && (
          <>
            {' '}
            <b>{showDate(until)}</b> 前可以追评。
          </>
        )}
      </p>
      <p>
        <a class="button" href={`/p/${token}/follow-up`}>
          去追评
        </a>
      </p>
    </section>
  )
}

/** Both ratings side by side: neither takes the other's place. */
function WhatWasSaid({ receipt: r, followUp }: { receipt: ReceiptView; followUp: FollowUpShown | null }) {
  return (
    <section class="card">
      <h2>您的评价</h2>
      <dl class="facts">
        <Fact name="事项">{r.itemName}</Fact>
        <Fact name="办理单位">{r.organizationName}</Fact>
        <Said rating={r} />
        <Fact name="留名">{r.realName ? '实名' : '匿名'}</Fact>
      </dl>
      {followUp && (
        <>
          <h3>您的追评（{showDate(followUp.submittedAt)}）</h3>
          <dl class="facts">
            <Said rating={followUp} />
          </dl>
        </>
      )}
    </section>
  )
}

function Said({ rating: r }: { rating: Pick<FollowUpShown, 'level' | 'hallLevel' | 'options' | 'words'> }) {
  return (
    <>
      <Fact name="事项办理">
        <Face level={r.level} />
        {levelLabel(r.level)}
      </Fact>
      {r.hallLevel !== null && (
        <Fact name="大厅服务">
          <Face level={r.hallLevel} />
          {levelLabel(r.hallLevel)}
        </Fact>
      )}
      {r.options.length > 0 && (
        <Fact name="具体方面">{r.options.map((option) => option.label).join('；')}</Fact>
      )}
      {r.words && <Fact name="您说的话">{r.words}</Fact>}
    </>
  )
}

export function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="words">{children}</dd>
    </div>
  )
}
