import { optionsFor } from '@haochaping/rules'
import type { InvitationView } from '../modules/evaluations/evaluations.service.ts'
import type { FieldProblem } from '../platform/problem.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { type Frame, page } from './layout.tsx'
import { Face, LEVELS } from './levels.tsx'
import type { RateDraft } from './rate.form.ts'

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
      <form method="post" action={`/r/${token}`} noValidate data-rate data-home={draft.home || undefined}>
        <input type="hidden" name="submissionId" value={draft.submissionId} />
        <input type="hidden" name="channel" value={draft.channel} />
        {draft.home && <input type="hidden" name="home" value={draft.home} />}
        <Subject
          name="level"
          question="这件事办得怎么样?"
          note="必选。每个等级同样方便,选哪个都只点一下。"
          chosen={draft.level}
          optionsName="options"
          ticked={draft.options}
          error={errorOf('level') ?? errorOf('optionCodes')}
        />
        {invitation.onSite && (
          <Subject
            name="hallLevel"
            question="大厅的服务怎么样?"
            note="可以不选。指排队、引导、环境和设施。"
            chosen={draft.hallLevel}
            optionsName="hallOptions"
            ticked={draft.hallOptions}
            error={errorOf('hallLevel')}
            optional
          />
        )}
        <Words words={draft.words} error={errorOf('words')} />
        <Identity invitation={invitation} draft={draft} errors={errors} />
        <p>评价提交后,任何人都不能修改或删除,包括我们。</p>
        <button class="button primary wide" type="submit" data-busy="正在提交,请稍候……">
          提交评价
        </button>
        <p class="hidden-visually" role="status" data-status />
      </form>
      {draft.home && (
        <p class="idle" data-idle hidden>
          <span data-idle-text /> <a href={draft.home}>现在清除并返回</a>
        </p>
      )}
    </div>
  )
  return page({
    ...frame,
    title: errors.length > 0 ? '有内容需要修改 - 评价服务' : '评价服务',
    body,
    chrome: 'focus',
    scripts: ['/static/rate.js'],
  })
}

function ErrorSummary({ errors }: { errors: FieldProblem[] }) {
  return (
    <div class="error-summary" role="alert" tabIndex={-1} data-errors>
      <h2>还没有提交,请先改这里</h2>
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

function WhatIsRated({ invitation: i }: { invitation: InvitationView }) {
  const place = [i.hallName, i.windowName].filter(Boolean).join(' ')
  const facts: [string, string | null][] = [
    ['事项', i.itemName],
    ['办理单位', i.organizationName],
    ['办理地点', i.onSite ? place || null : '网上办理'],
    ['工作人员', i.onSite ? i.staffName : null],
    ['环节', i.stage],
    ['办件编号', i.affairNumber],
    ['服务时间', showDateTime(i.servedAt)],
  ]
  return (
    <section class="card" aria-label="评价对象">
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
    </section>
  )
}

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
function Subject(props: SubjectProps) {
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
          错误:{error}
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

function Options(props: SubjectProps & { level: (typeof LEVELS)[number]['level']; label: string }) {
  const all = optionsFor(props.level, '2')
  const [shown, folded] = [all.slice(0, 3), all.slice(3)]
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
        “{props.label}”具体在哪些方面?可多选,也可不选
      </p>
      {shown.map(box)}
      <details open={folded.some((option) => props.ticked.includes(option.code))}>
        <summary>更多选项({folded.length} 项)</summary>
        {folded.map(box)}
      </details>
    </div>
  )
}

function Words({ words, error }: { words: string; error: string | undefined }) {
  return (
    <div class="card">
      <label class="name question" for="words">
        还想说些什么?
      </label>
      <p class="hint" id="words-note">
        可以不写,最多 500 字。哪里好、哪里不好、希望怎么改,都可以说。请不要写身份证号、银行卡号。
      </p>
      {error && (
        <p class="error" id="words-error">
          错误:{error}
        </p>
      )}
      <textarea
        id="words"
        name="words"
        rows={4}
        data-maximum="500"
        aria-describedby={error ? 'words-note words-error' : 'words-note'}
        aria-invalid={error ? 'true' : undefined}
      >
        {words}
      </textarea>
      <p class="hint count" data-count />
    </div>
  )
}

function Identity({
  invitation,
  draft,
  errors,
}: {
  invitation: InvitationView
  draft: RateDraft
  errors: FieldProblem[]
}) {
  const errorOf = (field: string) => errors.find((e) => e.field === field)?.message
  return (
    <fieldset class="card">
      <legend>是否留名?</legend>
      <p class="hint">不选就是匿名。无论选哪个,被评价的窗口人员都看不到您是谁。</p>
      <input
        class="choice"
        type="radio"
        id="anonymous"
        name="realName"
        value="no"
        checked={draft.realName === false}
      />
      <label class="level" for="anonymous">
        <span class="level-name">匿名评价</span>
        <span class="level-note">办理单位看得到等级、选项和文字,看不到您的姓名和电话。</span>
      </label>
      <input
        class="choice real"
        type="radio"
        id="real"
        name="realName"
        value="yes"
        checked={draft.realName === true}
      />
      <label class="level" for="real">
        <span class="level-name">实名评价</span>
        <span class="level-note">
          只有办理单位里负责回访核实的人能看您的姓名和电话;他要先写明理由,每看一次都留下记录。差评会打电话向您核实。
        </span>
      </label>
      <div class="real-fields">
        {invitation.applicantKnown ? (
          <p>将使用您办这件事时登记的姓名和电话,不用再填。</p>
        ) : (
          <>
            <TextField
              name="phone"
              type="tel"
              label="手机号(实名评价必填)"
              value={draft.phone}
              error={errorOf('phone')}
              autocomplete={draft.home ? 'off' : 'tel'}
            />
            <TextField
              name="name"
              type="text"
              label="姓名(可不填)"
              value={draft.name}
              error={errorOf('name')}
              autocomplete={draft.home ? 'off' : 'name'}
            />
          </>
        )}
      </div>
      <div class="option">
        <input
          class="choice"
          type="checkbox"
          id="doNotContact"
          name="doNotContact"
          value="yes"
          checked={draft.doNotContact}
        />
        <label for="doNotContact">不要联系我(仍可凭回执查看处理结果)</label>
      </div>
      <details>
        <summary>您的信息怎么保管</summary>
        <p>
          姓名和电话加密保存,只用于核实和答复这次评价;公开的账本和统计里没有您的任何身份信息。您可以随时拨打
          12345 要求查阅、更正或删除。
        </p>
      </details>
    </fieldset>
  )
}

function TextField(props: {
  name: string
  type: 'tel' | 'text'
  label: string
  value: string
  error: string | undefined
  autocomplete: 'tel' | 'name' | 'off'
}) {
  const { name, error } = props
  const rest = {
    id: name,
    name,
    value: props.value,
    autocomplete: props.autocomplete,
    ...(error && { 'aria-invalid': 'true' as const, 'aria-describedby': `${name}-error` }),
  }
  return (
    <div class={error ? 'field invalid' : 'field'}>
      <label class="name" for={name}>
        {props.label}
      </label>
      {error && (
        <p class="error" id={`${name}-error`}>
          错误:{error}
        </p>
      )}
      {/* The type is spelled out twice because preact's types join type and role. */}
      {props.type === 'tel' ? <input type="tel" {...rest} /> : <input type="text" {...rest} />}
    </div>
  )
}
