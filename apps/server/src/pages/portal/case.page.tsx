import type { PublicCase } from '../../modules/publication/publication.service.ts'
import { showDate, showDateTime } from '../../platform/time.ts'
import { type Frame, page } from '../layout.tsx'
import { levelLabel } from '../levels.tsx'
import { outcomeLabel, saidLabel } from './cases.page.tsx'
import { day } from './format.ts'
import { PORTAL_STYLE } from './parts.tsx'

interface View {
  found: PublicCase
  organization: { id: string; name: string }
  item: { code: string; name: string }
}

/** One closed case: what was rated, or complained about, and what was done about it; never the citizen's own words. */
export function casePage(frame: Frame, { found: c, organization, item }: View): string {
  return page({
    ...frame,
    title: `差评件 ${c.caseNumber}`,
    active: 'cases',
    styles: [PORTAL_STYLE],
    body: (
      <div class="portal reading">
        <nav class="crumbs" aria-label="所在位置">
          <ol>
            <li>
              <a href="/cases">已办结差评</a>
            </li>
          </ol>
        </nav>
        <h1>
          差评件 <span class="number">{c.caseNumber}</span>
        </h1>
        <div class="card">
          <dl class="facts">
            <div>
              <dt>办理机构</dt>
              <dd>
                <a href={`/organizations/${encodeURIComponent(organization.id)}`}>{organization.name}</a>
              </dd>
            </div>
            <div>
              <dt>事项</dt>
              <dd>
                {item.code === '' ? (
                  '未指明事项'
                ) : (
                  <a href={`/items/${encodeURIComponent(item.code)}`}>{item.name}</a>
                )}
              </dd>
            </div>
            {c.level === null ? (
              <>
                <div>
                  <dt>来源</dt>
                  <dd>{saidLabel(c)}</dd>
                </div>
                <div>
                  <dt>收到日期</dt>
                  <dd>{showDate(c.ratedAt)}</dd>
                </div>
              </>
            ) : (
              <>
                <div>
                  <dt>评价</dt>
                  <dd>
                    {saidLabel(c)}
                    {c.hallLevel !== null && `；对大厅服务：${levelLabel(c.hallLevel)}`}
                  </dd>
                </div>
                <div>
                  <dt>勾选的方面</dt>
                  <dd>
                    {c.options.length === 0 ? (
                      '评价人没有勾选'
                    ) : (
                      <ul>
                        {c.options.map((option) => (
                          <li key={option}>{option}</li>
                        ))}
                      </ul>
                    )}
                  </dd>
                </div>
                <div>
                  <dt>评价日期</dt>
                  <dd>{showDate(c.ratedAt)}</dd>
                </div>
              </>
            )}
            {c.followUp && (
              <div>
                <dt>整改后追评</dt>
                <dd>
                  {levelLabel(c.followUp.level)}（{showDate(c.followUp.at)}）
                </dd>
              </div>
            )}
            <div>
              <dt>办理结果</dt>
              <dd>
                <b>{outcomeLabel(c)}</b>
              </dd>
            </div>
            <div>
              <dt>办结日期</dt>
              <dd>
                {showDate(c.closedAt)}{' '}
                {c.everOverdue ? <span class="badge overdue">曾超期</span> : <span class="badge">按期</span>}
                {c.rounds > 1 && <span class="badge">办理 {c.rounds} 轮</span>}
              </dd>
            </div>
          </dl>
        </div>
        <h2>办理经过</h2>
        <p class="muted small">
          评价人和反映人的身份和原话不公开；单位所写文字中的姓名、电话、证件号码已遮盖。回访记录和佐证材料不公开。
        </p>
        <ol class="history">
          {c.steps.map((step) => (
            <li key={`${step.at}-${step.label}`}>
              <p class="step">
                <b>{step.label}</b> <span class="muted small">{showDateTime(new Date(step.at))}</span>
              </p>
              {step.facts.map((fact) => (
                <p key={fact.label}>
                  {fact.label}：{/^\d{4}-\d{2}-\d{2}$/.test(fact.value) ? day(fact.value) : fact.value}
                </p>
              ))}
              {step.texts.map((said) => (
                <blockquote key={said.label}>
                  <span class="muted small">{said.label}</span>
                  <p>{said.text}</p>
                </blockquote>
              ))}
            </li>
          ))}
        </ol>
        {c.outcome === 'not_adopted' && (
          <p class="notice">
            {c.level === null
              ? '这件反映经同级政务服务管理机构确认不予采纳；原记录仍保存在公开账本中。'
              : '这条评价经同级政务服务管理机构确认不予采纳，不计入满意度；原评价仍保存在公开账本中，并按理由公开计数。'}
          </p>
        )}
      </div>
    ),
  })
}
