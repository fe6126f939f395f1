import { shallowRef } from 'vue'
import { ApiProblem, api, client } from '../api.ts'

/** A file that the server keeps for something: a case, an appeal, an order. */
export interface KeptFile {
  fileId: string
  name: string
  mediaType: string
  size: number
}

/** What the server takes as one file. */
export interface FileRules {
  megabytes: number
  /** the same in bytes */
  limit: number
  /** 'jpg', 'pdf' */
  extensions: string[]
  /** the same in words */
  words: string
}

const rules = shallowRef<FileRules | null>(null)
/** What may be sent; asked of the server once. Null until it is known: then the server alone decides. */
export function useFileRules() {
  if (!rules.value)
    api.get<FileRules>('/api/v1/files/rules').then(
      (told) => (rules.value = told),
      () => {},
    )
  return rules
}

/** Pictures that the server makes small ones of. */
export const isPicture = (file: KeptFile): boolean => file.mediaType.startsWith('image/')

interface Refusal {
  code?: string
  detail?: string
}

function answerOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return null
  }
}

/**
 * Sends a file to what it belongs to. Unlike `api.upload` it tells how far it is and can be stopped: fetch cannot do the first.
 * @param base where the files of that thing are: '/api/v1/cases/<id>/files'
 * @param progress called with fractions from 0 to 1
 * @throws ApiProblem for every refusal; code 'stopped' when `signal` stopped it
 */
export const uploadFile = (
  base: string,
  file: File,
  progress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<KeptFile> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', base)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('x-csrf-token', client.csrfToken)
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () => {
      const answer = answerOf(request)
      if (request.status < 300) return resolve(answer as KeptFile)
      const { code = 'unreadable', detail = '服务器的答复读不懂，请稍后重试。' } = (answer ?? {}) as Refusal
      const problem = new ApiProblem(request.status, code, detail)
      if (code === 'not-signed-in') client.onTurnedAway(problem)
      reject(problem)
    }
    request.onerror = () => reject(new ApiProblem(0, 'unreachable', '没有传上去：连接不上服务器。'))
    request.onabort = () => reject(new ApiProblem(0, 'stopped', '已停止上传。'))
    signal.addEventListener('abort', () => request.abort())
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })

/** '1.4 MB', '312 KB' */
export const sizeText = (bytes: number): string =>
  bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`
