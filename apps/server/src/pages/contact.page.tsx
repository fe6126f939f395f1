import { CITIZEN_STYLE, type Frame, page } from './layout.tsx'

/** How somebody is told of their rating; null while there is no way. */
export interface ContactStanding {
  medium: 'sms' | 'email' | 'wechat'
  masked: string
  optedOut: boolean
}

export interface ContactPage {
  frame: Frame
  token: string
  standing: ContactStanding | null
  /** asked not to be contacted: then there is nothing to choose */
  quiet: boolean
  email: string
  error: string
}

const MEDIA = { sms: '短信', email: '邮件', wechat: '微信消息' }

/** How the citizen is told of the answer, and the way to have it otherwise or not at all (P7). */
export const contactPage = ({ frame, token, standing, quiet, email, error }: ContactPage): string =>
  page({
    ...frame,
    styles: [CITIZEN_STYLE],
    title: error ? '有内容需要修改 - 怎样通知您' : '怎样通知您',
    chrome: 'focus',
    scripts: ['/static/rate.js'],
    body: (
      <div class="reading">
        <h1>怎样通知您</h1>
        <section class="card">
          <p>{wordsFor(standing, quiet)}</p>
          <p class="muted small">
            我们只在有答复、需要您补充或回答时通知，最多再提醒一次；晚上不发；一个人一周收到的消息有上限。
          </p>
          {standing && (
            <form method="post" action={`/p/${token}/contact`} data-rate>
              <input type="hidden" name="wish" value={standing.optedOut ? 'resume' : 'stop'} />
              <button class="button wide" type="submit" data-busy="正在保存，请稍候……">
                {standing.optedOut ? '恢复接收消息' : '不再接收消息'}
              </button>
            </form>
          )}
        </section>
        {!quiet && (
          <form class="card" method="post" action={`/p/${token}/contact`} noValidate data-rate>
            <input type="hidden" name="wish" value="email" />
            <div class={error ? 'field invalid' : 'field'}>
              <label class="name" for="email">
                改用邮箱接收
              </label>
              <p class="hint" id="email-hint">
                邮箱加密保存，只用来通知您这件事，办理单位看不到。
              </p>
              {error && (
                <p class="error" id="email-error">
                  错误：{error}
                </p>
              )}
              <input
                type="text"
                inputMode="email"
                autocomplete="email"
                id="email"
                name="email"
                maxLength={128}
                value={email}
                aria-invalid={error ? 'true' : undefined}
                aria-describedby={error ? 'email-hint email-error' : 'email-hint'}
              />
            </div>
            <button class="button wide" type="submit" data-busy="正在保存，请稍候……">
              保存邮箱
            </button>
          </form>
        )}
        <p>
          <a href={`/p/${token}`}>返回进度页</a>
        </p>
      </div>
    ),
  })

function wordsFor(standing: ContactStanding | null, quiet: boolean): string {
  if (quiet) return '您选择了“不要联系我”：答复只写在进度页，不会有消息发给您。'
  if (!standing) return '您没有留下联系方式：答复写在进度页，可以随时打开查看。'
  if (standing.optedOut) return '您已关闭消息：答复写在进度页，可以随时打开查看。'
  return `有了答复，会发${MEDIA[standing.medium]}给您（${standing.masked}）。`
}
