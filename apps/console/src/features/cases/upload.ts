import { ApiProblem, client } from '../../api.ts'
import type { CaseFile } from './types.ts'

/** What the server takes as one file. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024

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
 * Sends a file to a case. Unlike `api.upload` it tells how far it is and can be stopped: fetch cannot do the first.
 * @param progress called with fractions from 0 to 1
 * @throws ApiProblem for every refusal; code 'stopped' when `signal` stopped it
 */
export const uploadFile = (
  caseId: string,
  file: File,
  progress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<CaseFile> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/v1/cases/${caseId}/files`)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('x-csrf-token', client.csrfToken)
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () => {
      const answer = answerOf(request)
      if (request.status < 300) return resolve(answer as CaseFile)
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
