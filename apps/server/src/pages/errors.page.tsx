import type { FastifyRequest } from 'fastify'
import type { Problem } from '../platform/problem.ts'
import { type FrameConfig, frameOf } from './frame.ts'
import { type Frame, page } from './layout.tsx'

/** Heading, and what the reader can do now, for each refusal a citizen may meet. */
const ADVICE: Record<string, { heading: string; next: string[] }> = {
  'invitation-unknown': {
    heading: '这个评价链接打不开',
    next: ['检查链接是否复制完整，或在办事窗口重新扫码。', '仍打不开时，可以拨打 12345 直接反映。'],
  },
  'invitation-expired': {
    heading: '评价期限已过',
    next: ['对这次服务仍有意见，可以拨打 12345 反映，会有单位受理和答复。'],
  },
  'invitation-used': {
    heading: '这次服务已经评价过了',
    next: [
      '想看处理进度，请打开评价后得到的回执（您截图、收藏或扫码保存的那一页）。',
      '如果不是您本人评价的，请拨打 12345 说明，会有人核查。',
    ],
  },
  'follow-up-given': {
    heading: '您已经追评过了',
    next: ['追评写在回执页上，和第一次评价并列，两次都保留。', '仍没有解决的，可以拨打 12345 反映。'],
  },
  'follow-up-early': {
    heading: '现在还不能追评',
    next: ['办理单位答复以后，回执页上会出现追评的入口。'],
  },
  'follow-up-over': {
    heading: '追评期限已过',
    next: ['问题仍没有解决的，可以拨打 12345 反映，会有单位受理和答复。'],
  },
  'receipt-unknown': {
    heading: '没有找到这张回执',
    next: [
      '检查链接是否复制完整，或重新扫描回执上的二维码。',
      '找不到链接时，可以拨打 12345，报回执编号查询。',
    ],
  },
  'database-unavailable': {
    heading: '系统暂时不可用',
    next: ['您的内容还没有保存。请过几分钟按“返回”再提交一次，不会重复。'],
  },
}

const BY_STATUS: Record<number, { heading: string; next: string[] }> = {
  404: { heading: '没有这个页面', next: ['检查网址是否完整，或从首页重新进入。'] },
  429: { heading: '操作太频繁', next: ['请过一分钟再试。'] },
  500: { heading: '系统出错了', next: ['错误已记录。请稍后再试；着急时可以拨打 12345。'] },
}

/** A refusal as a page: what happened, and what to do. */
export function problemPage(frame: Frame, problem: Pick<Problem, 'status' | 'code' | 'detail'>): string {
  const advice = ADVICE[problem.code] ??
    BY_STATUS[problem.status] ?? { heading: '这一步没有完成', next: ['请返回上一页检查后再试。'] }
  return page({
    ...frame,
    title: advice.heading,
    chrome: problem.code === 'not-found' ? 'full' : 'focus',
    body: (
      <div class="reading">
        <div class="card">
          <h1>{advice.heading}</h1>
          <p>{problem.detail}</p>
          <h2>您可以这样做</h2>
          <ul>
            {advice.next.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p>
            <a class="button" href="tel:12345">
              拨打 12345
            </a>
          </p>
        </div>
        <p>
          <a href="/">回到首页</a>
        </p>
      </div>
    ),
  })
}

/** For `makeHttpServer({ problemPage })`: the same for every route a browser asks. */
export const makeProblemPage = (config: FrameConfig) => (problem: Problem, request: FastifyRequest) =>
  problemPage(frameOf(request, config), problem)
