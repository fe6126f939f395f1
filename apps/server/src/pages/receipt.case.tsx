import { showDate, showDateTime } from '../platform/time.ts'
import type { CitizenCase } from './services.ts'

/** Said beside a date that a year without its holidays may move. */
export const Provisional = () => (
  <p class="muted small">国务院尚未公布相关年份的放假安排，这个日期可能调整。</p>
)

/** What a state means for the one who waits. */
const MEANING: Record<string, string> = {
  to_sign: '单位还没有接手。',
  transfer_proposed: '单位认为应由别的单位办理，正由上级主管部门决定。期限不因此重新开始。',
  waiting: '单位想请您补充一点情况。',
  verifying: '单位正在核实您说的情况。',
  fixing: '单位正在马上改。',
  promised: '单位承诺在期限内改好。',
  explaining: '单位正在准备向您说明原因。',
  rejection_proposed: '单位提出这条评价不应采纳，正由上级主管部门审核。',
  feeding_back: '已经处理，正在准备给您的答复。',
  resurvey: '单位已经答复，请您说说问题是否解决。',
  reopened: '上级主管部门正在复核，会重新交办。',
}

/** How far a case has come, for whoever waits for it: what it means, until when, step by step. */
export function CaseSteps({
  case: found,
  answerBy,
  children,
}: {
  case: CitizenCase
  answerBy: Date | null
  children: preact.ComponentChildren
}) {
  const current = found.steps.findIndex((step) => !step.done)
  return (
    <section class="card">
      <h2>处理进度：{found.stateLabel}</h2>
      {found.awaitsOthers ? (
        <p>您已回答。这件事还有其他人反映，都答复后办结。</p>
      ) : (
        MEANING[found.state] && <p>{MEANING[found.state]}</p>
      )}
      <p>
        负责处理的单位：<b>{found.organizationName}</b>
        <br />
        差评件编号：<span class="number">{found.caseNumber}</span>
        {found.dueAt && (
          <>
            <br />
            {found.state === 'resurvey' ? (
              <>
                请在 <b>{showDateTime(found.dueAt)}</b> 前回答；到期没有回答，就此办结
              </>
            ) : (
              <>
                这一步最晚 <b>{showDateTime(found.dueAt)}</b> 前完成
              </>
            )}
          </>
        )}
        {answerBy && (
          <>
            <br />
            全部最晚 <b>{showDateTime(answerBy)}</b> 前核实并办理
          </>
        )}
      </p>
      {found.dueAt && found.dueProvisional && <Provisional />}
      {children}
      <ol class="steps">
        {found.steps.map((step, i) => (
          <li
            key={step.label}
            class={step.done ? 'done' : i === current ? 'current' : undefined}
            aria-current={i === current ? 'step' : undefined}
          >
            <b>{step.label}</b>
            <span class="muted small">
              {step.done
                ? `已完成${step.at ? ` ${showDateTime(step.at)}` : ''}`
                : i === current
                  ? '进行中'
                  : '未开始'}
            </span>
          </li>
        ))}
      </ol>
      {found.outcomeLabel && (
        <p>
          结果：<b>{found.outcomeLabel}</b>
        </p>
      )}
      {found.rejectionReasonLabel && <p>不予采纳的理由：{found.rejectionReasonLabel}</p>}
    </section>
  )
}

/** What the organisation answered. */
export function Reply({ case: found }: { case: CitizenCase }) {
  return (
    <section class="card">
      <h2>{found.organizationName}的答复</h2>
      <blockquote class="words">{found.reply}</blockquote>
      {found.replyAt && <p class="muted small">{showDate(found.replyAt)}</p>}
    </section>
  )
}
