/** One thing wrong with one field of a request. */
export interface FieldProblem {
  field: string
  message: string
}

/**
 * A refusal, as it is told to the caller: an RFC 9457 problem document with a stable code and a Chinese
 * sentence its reader can act on. Never carries personal data.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly field: string | undefined
  readonly errors: FieldProblem[] | undefined

  constructor(
    status: number,
    code: string,
    detail: string,
    more: { field?: string; errors?: FieldProblem[] } = {},
  ) {
    super(`${code}: ${detail}`)
    this.status = status
    this.code = code
    this.detail = detail
    this.field = more.field
    this.errors = more.errors
  }

  /** The document itself. */
  toJSON() {
    return {
      type: `urn:haochaping:problem:${this.code}`,
      title: TITLES[this.status] ?? '请求未被接受',
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.field && { field: this.field }),
      ...(this.errors && { errors: this.errors }),
    }
  }
}

const TITLES: Record<number, string> = {
  400: '内容有误',
  401: '需要登录',
  403: '没有权限',
  404: '没有找到',
  409: '状态已变化',
  410: '已失效',
  413: '内容过大',
  415: '格式不支持',
  422: '内容有误',
  429: '操作过于频繁',
  500: '系统出错',
  503: '暂时不可用',
}

export const badRequest = (code: string, detail: string, field?: string) =>
  new Problem(400, code, detail, field ? { field } : {})
export const unauthorized = (code: string, detail: string) => new Problem(401, code, detail)
export const forbidden = (code: string, detail: string) => new Problem(403, code, detail)
export const notFound = (code: string, detail: string) => new Problem(404, code, detail)
export const conflict = (code: string, detail: string) => new Problem(409, code, detail)
export const gone = (code: string, detail: string) => new Problem(410, code, detail)
