import type { InvitationView } from '../modules/evaluations/evaluations.service.ts'
import type { FieldProblem } from '../platform/problem.ts'
import type { RateDraft } from './rate.form.ts'

/** Anonymous or real name, and beside each exactly who sees what. */
export function Identity({
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
      <legend>是否留名？</legend>
      <p class="hint">不选就是匿名。无论选哪个，被评价的窗口人员都看不到您是谁。</p>
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
        <span class="level-note">办理单位看得到等级、选项和文字，看不到您的姓名和电话。</span>
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
          只有办理单位里负责回访核实的人能看您的姓名和电话；他要先写明理由，每看一次都留下记录。给差评时，单位会打电话向您核实；不想接电话，请勾选下面的“不要联系我”。
        </span>
      </label>
      <div class="real-fields">
        {invitation.applicantKnown ? (
          <p>将使用您办这件事时登记的姓名和电话，不用再填。</p>
        ) : (
          <>
            <TextField
              name="phone"
              type="tel"
              label="手机号（实名评价必填）"
              value={draft.phone}
              error={errorOf('phone')}
              autocomplete={draft.home ? 'off' : 'tel'}
            />
            <TextField
              name="name"
              type="text"
              label="姓名（可不填）"
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
        <label for="doNotContact">不要联系我（仍可凭回执查看处理结果）</label>
      </div>
      <details>
        <summary>您的信息怎么保管</summary>
        <p>
          姓名和电话加密保存，只用于核实和答复这次评价；公开的账本和统计里没有您的任何身份信息。您可以随时拨打
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
          错误：{error}
        </p>
      )}
      {/* The type is spelled out twice because preact's types join type and role. */}
      {props.type === 'tel' ? <input type="tel" {...rest} /> : <input type="text" {...rest} />}
    </div>
  )
}
