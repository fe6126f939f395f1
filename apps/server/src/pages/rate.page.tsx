import type { InvitationView } from '../modules/evaluations/evaluations.service.ts'
import type { FieldProblem } from '../platform/problem.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'
import type { RateDraft } from './rate.form.ts'
import { Identity } from './rate.identity.tsx'
import { Subject } from './rate.subject.tsx'

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
  const errorOf = (field: string) => errors.find((e) => e.field === field)?.message
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
      <form method="post" action={`/r/${token}`} noValidate data-rate data-home={draft.home || undefined}>
        <input type="hidden" name="submissionId" value={draft.submissionId} />
        <input type="hidden" name="channel" value={draft.channel} />
        {draft.home && <input type="hidden" name="home" value={draft.home} />}
        <Subject
          name="level"
          question="这件事办得怎么样？"
          note="必选，选哪个都只点一下。提交后不能修改。"
          chosen={draft.level}
          optionsName="options"
          ticked={draft.options}
          error={errorOf('level') ?? errorOf('optionCodes')}
        />
        {invitation.onSite && (
          <Subject
            name="hallLevel"
            question="大厅的服务怎么样？"
            note="可以不选。指排队、引导、环境和设施。"
            chosen={draft.hallLevel}
            optionsName="hallOptions"
            ticked={draft.hallOptions}
            error={errorOf('hallLevel')}
            optional
          />
        )}
        <Words words={draft.words} maximum={invitation.wordsMaximum} error={errorOf('words')} />
        <Identity invitation={invitation} draft={draft} errors={errors} />
        <p>评价提交后，任何人都不能修改或删除，包括我们。</p>
        <p class="hidden-visually" role="status" data-status />
        {/* Always in reach: whoever is in a hurry picks a level and sends it, without going past what may be left out. */}
        <div class="send">
          <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
            提交评价
          </button>
        </div>
      </form>
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

export function Words({
  words,
  maximum,
  error,
}: {
  words: string
  maximum: number
  error: string | undefined
}) {
  return (
    <div class="card">
      <label class="name question" for="words">
        还想说些什么？
      </label>
      <p class="hint" id="words-note">
        可以不写，最多 {maximum}{' '}
        字。哪里好、哪里不好、希望怎么改，都可以说。请不要写身份证号、银行卡号；不想被认出，也不要写姓名和电话。
      </p>
      {error && (
        <p class="error" id="words-error">
          错误：{error}
        </p>
      )}
      <textarea
        id="words"
        name="words"
        rows={4}
        data-maximum={maximum}
        aria-describedby={error ? 'words-note words-error' : 'words-note'}
        aria-invalid={error ? 'true' : undefined}
      >
        {words}
      </textarea>
      <p class="hint count" data-count />
    </div>
  )
}
