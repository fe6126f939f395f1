import type { ComponentChildren } from 'preact'
import type { FieldProblem } from '../platform/problem.ts'
import type { RateDraft } from './rate.form.ts'
import { Subject } from './rate.subject.tsx'

interface RatingForm {
  /** where it is sent */
  action: string
  draft: RateDraft
  errors: FieldProblem[]
  /** a hall is rated too */
  onSite: boolean
  wordsMaximum: number
  /** what is asked of the matter itself */
  question: string
  note: string
  /** what is handed in: '评价' */
  what: string
  /** path of the hall tablet to return to */
  home?: string
  /** what else is asked */
  children?: ComponentChildren
}

/** The form of a rating, the first one and the one after rectification: levels, words, and what sends it. */
export function RatingForm({ draft, errors, ...asked }: RatingForm) {
  const errorOf = (field: string) => errors.find((e) => e.field === field)?.message
  return (
    <form method="post" action={asked.action} noValidate data-rate data-home={asked.home || undefined}>
      <input type="hidden" name="submissionId" value={draft.submissionId} />
      <input type="hidden" name="channel" value={draft.channel} />
      {asked.home && <input type="hidden" name="home" value={asked.home} />}
      <Subject
        name="level"
        question={asked.question}
        note={asked.note}
        chosen={draft.level}
        optionsName="options"
        ticked={draft.options}
        error={errorOf('level') ?? errorOf('optionCodes')}
      />
      {asked.onSite && (
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
      <Words words={draft.words} maximum={asked.wordsMaximum} error={errorOf('words')} />
      {asked.children}
      <p>{asked.what}提交后，任何人都不能修改或删除，包括我们。</p>
      <p class="hidden-visually" role="status" data-status />
      {/* Always in reach: whoever is in a hurry picks a level and sends it, without going past what may be left out. */}
      <div class="send">
        <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
          提交{asked.what}
        </button>
      </div>
    </form>
  )
}

function Words({ words, maximum, error }: { words: string; maximum: number; error: string | undefined }) {
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
