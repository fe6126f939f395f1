import type { SurveyState } from './survey.form.tsx'

/** What the organisation asks, and room for the answer. Nobody must answer: it then goes on with what it knows. */
export function SupplyForm({
  token,
  question,
  state,
}: {
  token: string
  question: string
  state: SurveyState | undefined
}) {
  return (
    <form method="post" action={`/p/${token}/supply`} noValidate data-rate>
      <div class="card">
        <label class="name question" for="survey-words">
          办理单位想请您补充
        </label>
        <blockquote class="words">{question}</blockquote>
        <p class="hint" id="supply-note">
          可以不补充：到期没有补充，单位会按现有情况继续办理。请不要写身份证号、银行卡号。
        </p>
        {state?.error && (
          <p class="error" id="survey-words-error">
            错误：{state.error}
          </p>
        )}
        <textarea
          id="survey-words"
          name="words"
          rows={4}
          data-maximum="1000"
          aria-invalid={state?.error ? 'true' : undefined}
          aria-describedby={state?.error ? 'supply-note survey-words-error' : 'supply-note'}
        >
          {state?.words}
        </textarea>
        <p class="hint count" data-count />
        <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
          提交补充
        </button>
        <p class="hidden-visually" role="status" data-status />
      </div>
    </form>
  )
}
