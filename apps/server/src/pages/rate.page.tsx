import type { InvitationView } from '../modules/evaluations/evaluations.service.ts'
import type { FieldProblem } from '../platform/problem.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import type { RateDraft } from './rate.form.ts'
import { Identity } from './rate.identity.tsx'
import { RatingForm } from './rate.questions.tsx'

export interface RatePage {
  frame: Frame
  token: string
  invitation: InvitationView
  draft: RateDraft
  errors?: FieldProblem[]
}

/** Where an error's link leads: the first control of its question. */
const ANCHORS: Record<string, string> = {
  level: 'level-5',
  hallLevel: 'hallLevel-5',
  optionCodes: 'level-5',
  words: 'words',
  phone: 'phone',
  name: 'name',
}

/** The page a citizen rates on: one form, complete without any script. */
export function ratePage({ frame, token, invitation, draft, errors = [] }: RatePage): string {
  const body = (
    <div class="reading">
      {errors.length > 0 && <ErrorSummary errors={errors} />}
      <h1>请评价这次服务</h1>
      <WhatIsRated invitation={invitation} />
      {draft.home && (
        <p class="idle fixed" data-idle hidden>
          <span data-idle-text /> <a href={draft.home}>现在清除并返回</a>
        </p>
      )}
      <RatingForm
        action={`/r/${token}`}
        draft={draft}
        errors={errors}
        home={draft.home}
        onSite={invitation.onSite}
        wordsMaximum={invitation.wordsMaximum}
        question="这件事办得怎么样？"
        note="必选，选哪个都只点一下。提交后不能修改。"
        what="评价"
      >
        <Identity invitation={invitation} draft={draft} errors={errors} />
      </RatingForm>
    </div>
  )
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: errors.length > 0 ? '有内容需要修改 - 评价服务' : '评价服务',
    body,
    chrome: 'focus',
    scripts: ['/static/rate.js'],
  })
}

export function ErrorSummary({ errors }: { errors: FieldProblem[] }) {
  return (
    <div class="error-summary" role="alert" tabIndex={-1} data-errors>
      <h2>还没有提交，请先改这里</h2>
      <ul>
        {errors.map((e) => (
          <li key={e.field}>
            <a class="error-link" href={`#${ANCHORS[e.field] ?? 'content'}`}>
              {e.message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Enough to know the service again; the rest folded, so that a phone shows all five levels without scrolling. */
function WhatIsRated({ invitation: i }: { invitation: InvitationView }) {
  const facts: [string, string | null][] = [
    ['大厅', i.onSite ? i.hallName : null],
    ['窗口', i.onSite ? i.windowName : null],
    ['工作人员', i.onSite ? i.staffName : null],
    ['服务时间', showDateTime(i.servedAt)],
    ['办到哪一步', i.stage],
    ['办件编号', i.affairNumber],
  ]
  return (
    <section class="card rated" aria-label="评价对象">
      <p>
        <b>{i.itemName}</b>
      </p>
      <p>
        {i.organizationName}
        <span class="muted">
          {' '}
          {[i.onSite ? i.windowName : '网上办理', showDate(i.servedAt)].filter(Boolean).join('，')}
        </span>
      </p>
      <details>
        <summary>核对窗口、工作人员和编号</summary>
        <dl class="facts">
          {facts.map(
            ([name, value]) =>
              value && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        <p class="muted small">评不评价都由您决定。{showDate(i.expiresAt)}前可以评价一次。</p>
      </details>
    </section>
  )
}
