import type { FieldProblem } from '../platform/problem.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import { ErrorSummary } from './rate.page.tsx'
import type { CitizenAppeal } from './services.ts'

/** Longest statement taken. */
export const STATEMENT_LENGTH = 1000

/** Beside a day that is counted over a year whose holidays are not published. */
const PROVISIONAL = '（暂定，放假安排公布后可能推迟或提前）'

const who = (appeal: CitizenAppeal) => (appeal.appellant === 'staff' ? '被评价的工作人员' : '被评价单位')

/** What the card is headed by: what the citizen may do comes first. */
function headline(appeal: CitizenAppeal): string {
  if (appeal.canAnswer) return `${who(appeal)}提出申诉，您可以说明情况`
  if (appeal.state === 'withdrawn') return `${who(appeal)}撤回了申诉`
  if (appeal.state === 'filed') return `${who(appeal)}提出申诉，正在审理`
  if (appeal.state === 'reexamination_filed') return '申诉正在复核'
  return '申诉已有决定'
}

/** The appeal on the progress page: what is claimed, until when the citizen may answer, what was decided and why. */
export function AppealCard({ token, appeal }: { token: string; appeal: CitizenAppeal }) {
  const path = `/p/${token}/appeal`
  return (
    <section class="card" aria-labelledby="appeal-card">
      <h2 id="appeal-card">{headline(appeal)}</h2>
      {appeal.state === 'withdrawn' ? (
        <p>您的评价照常计入统计。</p>
      ) : (
        <p>
          {appeal.organizationName}的申诉请求：{appeal.claimLabel}。由{appeal.deciderLabel}
          审理，原评价始终保留。
        </p>
      )}
      {appeal.canAnswer && (
        <p>
          您可以在 <b>{showDate(appeal.answerUntil)}</b>
          {appeal.answerProvisional && PROVISIONAL} 前说明情况，审理时会看到；不说明也可以，不影响审理。
        </p>
      )}
      {appeal.ownAnswer && appeal.waiting && !appeal.canAnswer && <p>您已经说明了情况。</p>}
      <Decisions appeal={appeal} />
      {appeal.canReexamine && appeal.reexamineUntil && (
        <p>
          不同意这个决定的，可以在 <b>{showDate(appeal.reexamineUntil)}</b>
          {appeal.reexamineProvisional && PROVISIONAL} 前申请市级主管部门复核。
        </p>
      )}
      {appeal.state !== 'withdrawn' && (
        <p>
          <a class={appeal.canAnswer || appeal.canReexamine ? 'button primary' : undefined} href={path}>
            {appeal.canAnswer
              ? '看申诉理由，说明情况'
              : appeal.canReexamine
                ? '申请复核'
                : '看申诉的全部内容'}
          </a>
        </p>
      )}
    </section>
  )
}

function Decisions({ appeal }: { appeal: CitizenAppeal }) {
  return (
    <>
      {appeal.decision && <Decision title="申诉决定" decision={appeal.decision} />}
      {appeal.reexamination && <Decision title="复核决定（最终）" decision={appeal.reexamination} />}
    </>
  )
}

function Decision({ title, decision }: { title: string; decision: NonNullable<CitizenAppeal['decision']> }) {
  return (
    <>
      <p>
        {title}：<b>{decision.label}</b>
        <span class="muted small"> {showDate(decision.at)}</span>
        <br />
        {decision.effect}
      </p>
      <p class="muted">理由</p>
      <blockquote class="words">{decision.reason}</blockquote>
    </>
  )
}

export interface AppealPage {
  frame: Frame
  token: string
  appeal: CitizenAppeal
  words: string
  errors: FieldProblem[]
}

/** What the other side says, and the citizen's own say: an answer, or the request for a re-examination. */
export function appealPage({ frame, token, appeal, words, errors }: AppealPage): string {
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: errors.length > 0 ? '有内容需要修改 - 申诉' : '申诉',
    chrome: 'focus',
    scripts: ['/static/rate.js'],
    body: (
      <div class="reading">
        {errors.length > 0 && <ErrorSummary errors={errors} />}
        <h1>{headline(appeal)}</h1>
        <section class="card">
          <h2>{who(appeal)}怎么说</h2>
          <p>
            {appeal.organizationName}的申诉请求：<b>{appeal.claimLabel}</b>
          </p>
          <blockquote class="words">{appeal.statement}</blockquote>
          {appeal.reexaminationBy === 'appellant' && appeal.reexaminationStatement && (
            <>
              <p>不服原决定，申请复核：</p>
              <blockquote class="words">{appeal.reexaminationStatement}</blockquote>
            </>
          )}
          <p class="muted small">
            申诉人看不到您是谁：姓名、电话、办件编号和回执编号都不会给对方看，您说的话里的这些内容也会遮盖。
          </p>
        </section>
        {(appeal.decision || appeal.reexamination) && (
          <section class="card">
            <h2>怎么决定的</h2>
            <Decisions appeal={appeal} />
          </section>
        )}
        {appeal.ownAnswer && (
          <section class="card">
            <h2>您的说明</h2>
            <blockquote class="words">{appeal.ownAnswer}</blockquote>
          </section>
        )}
        {(appeal.canAnswer || appeal.canReexamine) && (
          <StatementForm
            token={token}
            appeal={appeal}
            words={words}
            error={errors.find((e) => e.field === 'words')?.message}
          />
        )}
        <p>
          <a href={`/p/${token}`}>返回进度页</a>
        </p>
      </div>
    ),
  })
}

function StatementForm({
  token,
  appeal,
  words,
  error,
}: {
  token: string
  appeal: CitizenAppeal
  words: string
  error: string | undefined
}) {
  const again = appeal.canReexamine
  return (
    <form method="post" action={`/p/${token}/appeal`} noValidate data-rate>
      <input type="hidden" name="event" value={again ? 'request_reexamination' : 'citizen_answer'} />
      <fieldset class="card">
        <legend>{again ? '为什么不同意这个决定？' : '当时是什么情况？'}</legend>
        <p class="hint" id="words-note">
          {again
            ? '由市级主管部门另派人员复核，是最终决定。'
            : `${showDateTime(appeal.answerUntil)} 前可以说明一次，提交后不能修改。`}
          最多 {STATEMENT_LENGTH} 字。
        </p>
        {error && (
          <p class="error" id="words-error">
            错误：{error}
          </p>
        )}
        <textarea
          id="words"
          name="words"
          rows={6}
          data-maximum={STATEMENT_LENGTH}
          aria-label={again ? '复核理由' : '情况说明'}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error ? 'words-note words-error' : 'words-note'}
        >
          {words}
        </textarea>
        <p class="hint count" data-count />
        <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
          {again ? '申请复核' : '提交说明'}
        </button>
        <p class="hidden-visually" role="status" data-status />
      </fieldset>
    </form>
  )
}
