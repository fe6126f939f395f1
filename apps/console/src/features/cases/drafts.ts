import type { KeptFile } from '../../components/files.ts'
import type { CaseField, OfferedAction } from './types.ts'

/** What the official has written for one action and not sent yet. */
export interface Draft {
  texts: Record<string, string>
  files: Record<string, KeptFile[]>
}

export const emptyDraft = (): Draft => ({ texts: {}, files: {} })

/** Whether there is anything in it worth keeping. */
export const isWritten = (draft: Draft): boolean =>
  Object.values(draft.texts).some((text) => text.trim() !== '') ||
  Object.values(draft.files).some((files) => files.length > 0)

function fault(field: CaseField, draft: Draft): string {
  if (field.type === 'files')
    return field.required && !draft.files[field.name]?.length ? `请上传${field.label}` : ''
  const text = draft.texts[field.name]?.trim() ?? ''
  if (text === '') return field.required ? `${field.type === 'text' ? '请填写' : '请选择'}${field.label}` : ''
  return field.maxLength && [...text].length > field.maxLength ? `最多 ${field.maxLength} 字` : ''
}

/** What is wrong with a draft, by field: said before anything is sent. The server has the last word. */
export const faultsOf = (action: OfferedAction, draft: Draft): Record<string, string> =>
  Object.fromEntries(
    action.fields.flatMap((field) => {
      const words = fault(field, draft)
      return words ? [[field.name, words]] : []
    }),
  )

/** The draft as the server takes it; fields left empty are left out. */
export function valuesOf(action: OfferedAction, draft: Draft): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const { name, type } of action.fields) {
    const text = draft.texts[name]?.trim()
    const files = draft.files[name]
    if (type === 'files') {
      if (files?.length) values[name] = files.map((file) => file.fileId)
    } else if (text) values[name] = text
  }
  return values
}
