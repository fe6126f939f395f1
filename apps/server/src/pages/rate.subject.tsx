import { LEVELS, optionsFor, type SatisfactionLevel } from '@haochaping/rules'
import { Face } from './levels.tsx'

interface SubjectProps {
  name: string
  question: string
  note: string
  chosen: number | null | 'none'
  optionsName: string
  ticked: string[]
  error: string | undefined
  optional?: boolean
}

/** One subject: five levels, and for each the options that fit it. Inputs come before the options as siblings. */
export function Subject(props: SubjectProps) {
  const { name, error } = props
  const described = [`${name}-note`, error && `${name}-error`].filter(Boolean).join(' ')
  return (
    <fieldset class={error ? 'card invalid' : 'card'} aria-describedby={described}>
      <legend>{props.question}</legend>
      <p class="hint" id={`${name}-note`}>
        {props.note}
      </p>
      {error && (
        <p class="error" id={`${name}-error`}>
          错误：{error}
        </p>
      )}
      {LEVELS.flatMap(({ level, label }) => {
        const id = `${name}-${level}`
        return [
          <input
            key={id}
            class={`choice level-${level}`}
            type="radio"
            id={id}
            name={name}
            value={level}
            checked={props.chosen === level}
          />,
          <label key={`${id}-label`} class="level" for={id}>
            <Face level={level} />
            {label}
          </label>,
        ]
      })}
      {props.optional && [
        <input
          key="none"
          class="choice"
          type="radio"
          id={`${name}-none`}
          name={name}
          value="none"
          checked={props.chosen === 'none'}
        />,
        <label key="none-label" class="level" for={`${name}-none`}>
          不评价这一项
        </label>,
      ]}
      {LEVELS.map(({ level, label }) => (
        <Options key={level} {...props} level={level} label={label} />
      ))}
    </fieldset>
  )
}

function Options(props: SubjectProps & { level: SatisfactionLevel; label: string }) {
  const all = optionsFor(props.level)
  const [shown, folded] = [all.filter((option) => !option.folded), all.filter((option) => option.folded)]
  const box = (option: { code: string; label: string }) => {
    const id = `${props.optionsName}-${option.code}`
    return (
      <div class="option" key={id}>
        <input
          class="choice"
          type="checkbox"
          id={id}
          name={props.optionsName}
          value={option.code}
          checked={props.ticked.includes(option.code)}
        />
        <label for={id}>{option.label}</label>
      </div>
    )
  }
  const title = `${props.optionsName}-${props.level}`
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset inside a fieldset is read twice by some readers
    <div class={`options for-${props.level}`} role="group" aria-labelledby={title}>
      <p class="options-title" id={title}>
        “{props.label}”具体在哪些方面？可多选，也可不选
      </p>
      {shown.map(box)}
      <details open={folded.some((option) => props.ticked.includes(option.code))}>
        <summary>更多选项（{folded.length} 项）</summary>
        {folded.map(box)}
      </details>
    </div>
  )
}
