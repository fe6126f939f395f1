import { RETALIATION_TEXT_MAX } from '../modules/supervision/retaliation.service.ts'
import type { FieldProblem } from '../platform/problem.ts'
import { showDate, showDateTime } from '../platform/time.ts'
import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'

/** A report of retaliation as its citizen sees it: when, and what was answered. */
export interface ReportShown {
  reportedAt: Date
  answeredAt: Date | null
  outcomeLabel: string | null
  answer: string | null
}

export interface RetaliationPage {
  frame: Frame
  token: string
  draft: { statement: string; contact: string }
  errors: FieldProblem[]
}

/** The form of a report of retaliation (P6): works without script, and says exactly who will read it. */
export function retaliationPage({ frame, token, draft, errors }: RetaliationPage): string {
  const errorOf = (field: string) => errors.find((e) => e.field === field)?.message
  const describedBy = (field: string) => (errorOf(field) ? `${field}-note ${field}-error` : `${field}-note`)
  const Wrong = ({ field }: { field: string }) =>
    errorOf(field) ? (
      <p class="error" id={`${field}-error`}>
        错误：{errorOf(field)}
      </p>
    ) : null
  return page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: errors.length > 0 ? '有内容需要修改 - 反映打击报复' : '反映打击报复',
    chrome: 'focus',
    scripts: ['/static/rate.js'],
    body: (
      <div class="reading">
        {errors.length > 0 && (
          <div class="error-summary" role="alert" tabIndex={-1} data-errors>
            <h2>还没有提交，请先改这里</h2>
            <ul>
              {errors.map((e) => (
                <li key={e.field}>
                  <a class="error-link" href={`#${e.field}`}>
                    {e.message}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        )}
        <h1>有人因为这次评价为难您？</h1>
        <section class="card" aria-label="谁能看到">
          <p>
            这里写的内容<b>直接送到市级主管部门</b>
            ，不经过办理单位，也不经过区县。办理单位、被评价的人员和区县主管部门都看不到，也不会知道您反映过。
          </p>
          <p class="muted small">
            内容加密保存，只有市级主管部门负责处理的人员能打开。处理结果会写在您的进度页上。
          </p>
        </section>
        <form method="post" action={`/p/${token}/retaliation`} noValidate data-rate>
          <div class="card">
            <label class="name question" for="statement">
              发生了什么？
            </label>
            <p class="hint" id="statement-note">
              什么时候、谁、用什么方式：例如打电话要求撤回评价、办事时刁难、威胁。最多 {RETALIATION_TEXT_MAX}{' '}
              字。
            </p>
            <Wrong field="statement" />
            <textarea
              id="statement"
              name="statement"
              rows={6}
              required
              data-maximum={RETALIATION_TEXT_MAX}
              aria-describedby={describedBy('statement')}
              aria-invalid={errorOf('statement') ? 'true' : undefined}
            >
              {draft.statement}
            </textarea>
            <p class="hint count" data-count />
            <label class="name" for="contact">
              怎么联系您（可不写）
            </label>
            <p class="hint" id="contact-note">
              只有写在这里的方式会被用来联系您。不写，就只在进度页答复。
            </p>
            <Wrong field="contact" />
            <input
              type="text"
              id="contact"
              name="contact"
              maxLength={100}
              autocomplete="off"
              value={draft.contact}
              aria-describedby={describedBy('contact')}
              aria-invalid={errorOf('contact') ? 'true' : undefined}
            />
          </div>
          <p class="hidden-visually" role="status" data-status />
          <div class="send">
            <button class="button primary wide" type="submit" data-busy="正在提交，请稍候……">
              交给市级主管部门
            </button>
          </div>
        </form>
        <p>
          <a href={`/p/${token}`}>返回进度页</a>
        </p>
      </div>
    ),
  })
}

/** On the progress page: the way to the form, and what became of what was reported. Not on a tablet in the hall. */
export function RetaliationBlock({ token, reports }: { token: string; reports: ReportShown[] }) {
  return (
    <section class="card">
      <h2>有人因为评价为难您？</h2>
      {reports.map((report) => (
        <div key={report.reportedAt.toISOString()}>
          <p>
            {showDateTime(report.reportedAt)} 您向市级主管部门反映过。
            {report.answeredAt ? (
              <>
                {showDate(report.answeredAt)}答复：<b>{report.outcomeLabel}</b>
              </>
            ) : (
              '市级主管部门已收到，处理结果会写在这里。'
            )}
          </p>
          {report.answer && <blockquote class="words">{report.answer}</blockquote>}
        </div>
      ))}
      <p>
        受到刁难、威胁或打击报复，可以
        <a href={`/p/${token}/retaliation`}>直接向市级主管部门反映</a>
        ，办理单位和区县看不到。
      </p>
    </section>
  )
}
