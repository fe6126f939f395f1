import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import { notFound, Problem } from '../../platform/problem.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { makeFileStore } from './files.disk.ts'
import * as store from './files.store.ts'
import { ALLOWED_WORDS, safeName, sniff } from './files.types.ts'

/** A file as it was sent. */
export interface UploadedFile {
  name: string
  content: Buffer
}

/** What is known of a piece of evidence. */
export interface FileView {
  fileId: string
  name: string
  mediaType: string
  size: number
  digest: string
}

/** Largest piece of evidence. */
export const FILE_LIMIT = 10 * 1024 * 1024
export const tooLarge = () =>
  new Problem(413, 'file-too-large', '单个文件不能超过 10 MB，请压缩后再传。', { field: 'file' })

const view = (row: store.EvidenceFile): FileView => ({
  fileId: row.file_id,
  name: row.name,
  mediaType: row.media_type,
  size: row.size,
  digest: row.digest,
})

export type FilesService = ReturnType<typeof makeFilesService>

/** Evidence of cases: sealed on disk, listed in the database, bound to its case (R14, R29). */
export function makeFilesService(app: App) {
  const disk = makeFileStore(app.config.dataDir, app.keys.derive('evidence-files'))

  /**
   * Keeps content on disk and makes the row that is still to be written.
   * @throws Problem 413 file-too-large, 422 file-empty, 415 file-type
   */
  async function keep(
    evaluationId: string,
    { name, content }: UploadedFile,
    uploadedBy: string,
  ): Promise<store.EvidenceFile> {
    if (content.length > FILE_LIMIT) throw tooLarge()
    if (content.length === 0)
      throw new Problem(422, 'file-empty', '文件是空的，请重新选择。', { field: 'file' })
    const type = await sniff(content)
    if (!type)
      throw new Problem(415, 'file-type', `不支持这种文件。可以上传：${ALLOWED_WORDS}。`, { field: 'file' })
    return {
      evaluation_id: evaluationId,
      file_id: randomId(),
      digest: await disk.write(content),
      name: safeName(name, type.extension),
      media_type: type.mediaType,
      size: content.length,
      uploaded_by: uploadedBy,
      uploaded_at: app.clock(),
    }
  }

  /**
   * A piece of evidence with its content, for an official who may see its case.
   * @throws Problem 404 file-unknown
   */
  async function open(official: Official, evaluationId: string, fileId: string) {
    const row = await asStaff(app.db, placeOf(official), (tx) => store.fileById(tx, evaluationId, fileId))
    if (!row) throw notFound('file-unknown', '没有这个文件，或不在您的管辖范围内。')
    return { ...view(row), content: await disk.read(row.digest) }
  }

  return {
    keep,
    open,
    /** Writes the row of a kept file inside the caller's transaction. */
    async record(tx: Tx, row: store.EvidenceFile): Promise<FileView> {
      await store.insertFile(tx, row)
      return view(row)
    },
    /** The evidence of one case. */
    ofCase: async (tx: Tx, evaluationId: string): Promise<FileView[]> =>
      (await store.filesOf(tx, evaluationId)).map(view),
    /** Those of the files named that belong to the case. */
    async named(tx: Tx, evaluationId: string, ids: string[]): Promise<FileView[]> {
      if (ids.length === 0) return []
      return (await store.filesOf(tx, evaluationId)).filter((row) => ids.includes(row.file_id)).map(view)
    },
  }
}
