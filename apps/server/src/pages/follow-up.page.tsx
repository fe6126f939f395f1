import type { FieldProblem } from '../platform/problem.ts'
import { showDate } from '../platform/time.ts'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import { levelLabel } from './levels.tsx'
import type { RateDraft } from './rate.form.ts'
import { ErrorSummary } from './rate.page.tsx'
import { RatingForm } from './rate.questions.tsx'
import type { ReceiptView } from './services.ts'

export interface FollowUpPage {
  frame: Frame
  token: string
  receipt: ReceiptView
  onSite: boolean
  wordsMaximum: number
  /** The last day for it; null while the case is open. */
  until: Date | null
  draft: RateDraft
  errors: FieldProblem[]
}

/** The page of the one rating after rectification: the questions of the first, less those answered already. */
export function followUpPage(props: FollowUpPage): string {
  const { frame, token, receipt, draft, errors } = props
  const body = (
    <div class="reading">
      {errors.length > 0 && <ErrorSummary errors={errors} />}
      <h1>整改以后，您再评价一次</h1>
      <section class="card rated" aria-label="评价对象">
        <p>
          <b>{receipt.itemName}</b>
        </p>
        <p>
          {receipt.organizationName}
          <span class="muted">
            {' '}
            {showDate(receipt.submittedAt)}您评的是“{levelLabel(receipt.level)}”
          </span>
        </p>
        <p class="muted small">
          追评只有一次，可评可不评。第一次评价原样保留，追评和它并列。
          {props.until && `${showDate(props.until)}前可以追评。`}
        </p>
      </section>
      <RatingForm
        action={`/p/${token}/follow-up`}
        draft={draft}
        errors={errors}
        onSite={props.onSite}
        wordsMaximum={props.wordsMaximum}
        question="现在您觉得怎么样？"
        note="必选，选哪个都只点一下。选“不满意”或“非常不满意”的，会重新办理。"
        what="追评"
      />
      <p>
        <a href={`/p/${token}`}>返回进度页</a>
      </p>
    </div>
  )
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: errors.length > 0 ? '有内容需要修改 - 追评' : '追评',
    body,
    chrome: 'focus',
    scripts: ['/static/rate.js'],
  })
}
