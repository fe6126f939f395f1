import type { SurveyAnswer } from './services.ts'

/** A re-survey that could not be taken, with what was entered. */
export interface SurveyState {
  answer: SurveyAnswer | null
  words: string
  error: string
  field: 'answer' | 'words'
}

export const SURVEY_ANSWERS: { value: SurveyAnswer; label: string }[] = [
  { value: 'satisfied', label: '解决了，满意' },
  { value: 'basically', label: '基本满意' },
  { value: 'unsolved', label: '没有解决' },
]

/** 满意度测评 after the answer (R17): believed, whatever it says. */
export function SurveyForm({ token, state }: { token: string; state: SurveyState | undefined }) {
  const problem = (field: SurveyState['field']) => (state?.field === field ? state.error : undefined)
  const note = problem('answer') ? 'survey-note survey-error' : 'survey-note'
  return (
    <form method="post" action={`/p/${token}/survey`} noValidate data-rate>
      <fieldset class="card" aria-describedby={note}>
        <legend>您的问题解决了吗？</legend>
        <p class="hint" id="survey-note">
          选“没有解决”，差评件会重新办理，不需要您另外申请。
        </p>
        {problem('answer') && (
          <p class="error" id="survey-error">
            错误：{problem('answer')}
          </p>
        )}
        {SURVEY_ANSWERS.flatMap(({ value, label }) => [
          <input
            key={value}
            class="choice"
            type="radio"
            id={`survey-${value}`}
            name="answer"
            value={value}
            checked={state?.answer === value}
          />,
          <label key={`${value}-label`} class="level" for={`survey-${value}`}>
            {label}
          </label>,
        ])}
        <label class="name" for="survey-words">
          想补充的话（可不写，最多 500 字）
        </label>
        {problem('words') && (
          <p class="error" id="survey-words-error">
            错误：{problem('words')}
          </p>
        )}
        <textarea
          id="survey-words"
          name="words"
          rows={3}
          data-maximum="500"
          aria-invalid={problem('words') ? 'true' : undefined}
          aria-describedby={problem('words') ? 'survey-words-error' : undefined}
        >
          {state?.words}
        </textarea>
        <p class="hint count" data-count />
        <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
          提交
        </button>
        <p class="hidden-visually" role="status" data-status />
      </fieldset>
    </form>
  )
}
