import { Readable } from 'node:stream'
import type { App } from '../../platform/context.ts'
import { asStaff, type Tx } from '../../platform/database.ts'
import { randomId } from '../../platform/ids.ts'
import { conflict, notFound, Problem } from '../../platform/problem.ts'
import { openStorage, StorageError } from '../../platform/storage.ts'
import { type Official, placeOf } from '../identity/official.ts'
import { fileChores } from './files.chores.ts'
import { checkImage, isImage, makePreview } from './files.images.ts'
import { fileKeeping } from './files.keeping.ts'
import * as store from './files.store.ts'
import { ALLOWED_EXTENSIONS, ALLOWED_WORDS, safeName, sniff } from './files.types.ts'
import { makeVault, type PreviewSize } from './files.vault.ts'

export type { PreviewSize } from './files.vault.ts'

/** A file as it was sent. */
export interface UploadedFile {
  name: string
  content: Buffer
}

/** Which room a file belongs to; that room decides who sees it. */
export type FilePurpose = store.EvidenceFile['purpose']

/** What is known of a piece of evidence. */
export interface FileView {
  fileId: string
  name: string
  mediaType: string
  size: number
  digest: string
}

/** A piece of evidence that the asker may see; its content is fetched when it is wanted. */
export interface OpenedFile extends FileView {
  purpose: FilePurpose
  /** the account that sent it */
  uploadedBy: string
  /** kinds of the entries that name it, as far as the asker sees them: a file is of a room once something there names it */
  namedIn: string[]
  /** @throws Problem 503 storage-unavailable */
  content(): Promise<Readable>
  /**
   * A small picture of a picture, without what the camera wrote into it.
   * @throws Problem 404 preview-none for what is no picture, 503 storage-unavailable
   */
  preview(size: PreviewSize): Promise<Buffer>
}

const view = (row: store.EvidenceFile): FileView => ({
  fileId: row.file_id,
  name: row.name,
  mediaType: row.media_type,
  size: row.size,
  digest: row.digest,
})

export const unknownFile = () => notFound('file-unknown', '没有这个文件，或不在您的管辖范围内。')

const refuse = (status: number, code: string, detail: string) =>
  new Problem(status, code, detail, { field: 'file' })

/** @param megabytes what the form takes; a form of its own takes what the HTTP server does */
export const tooLarge = (megabytes = 10) =>
  refuse(413, 'file-too-large', `单个文件不能超过 ${megabytes} MB，请压缩后再传。`)

/** Turns the storage's failure into what the reader can act on; it is logged by its cause. */
const orUnavailable = (error: unknown): never => {
  if (!(error instanceof StorageError)) throw error
  throw new Problem(503, 'storage-unavailable', '文件存储暂时不可用，请稍后再试。')
}

export type FilesService = ReturnType<typeof makeFilesService>

/**
 * Evidence: sealed in the storage under the hash of its content, listed in the database, bound to what it proves
 * (R14, R29). Who may see or add a file is decided by the room it belongs to, before it calls here; row-level
 * security holds it to the official's place besides.
 */
export function makeFilesService(app: App) {
  const vault = makeVault(openStorage(app.config), app.keys)
  const megabytes = app.config.fileLimit
  const limit = megabytes * 1024 * 1024

  /** @throws Problem 413 file-too-large; 422 file-empty, file-broken, image-too-large; 415 file-type */
  async function inspect({ content }: UploadedFile) {
    if (content.length > limit) throw tooLarge(megabytes)
    if (content.length === 0) throw refuse(422, 'file-empty', '文件是空的，请重新选择。')
    const type = await sniff(content)
    if (!type) throw refuse(415, 'file-type', `不支持这种文件。可以上传：${ALLOWED_WORDS}。`)
    if (isImage(type.mediaType)) await checkImage(content)
    return type
  }

  /**
   * Keeps content in the storage and makes the row that is still to be written.
   * @param evaluationId what it belongs to, whichever room it is for
   * @throws Problem as `inspect`, and 503 storage-unavailable
   */
  async function keep(
    evaluationId: string,
    file: UploadedFile,
    uploadedBy: string,
    purpose: FilePurpose,
  ): Promise<store.EvidenceFile> {
    const type = await inspect(file)
    return {
      evaluation_id: evaluationId,
      file_id: randomId(),
      digest: await vault.keep(file.content).catch(orUnavailable),
      name: safeName(file.name, type.extension),
      media_type: type.mediaType,
      size: file.content.length,
      uploaded_by: uploadedBy,
      uploaded_at: app.clock(),
      purpose,
    }
  }

  /**
   * Writes the row of a kept file inside the caller's transaction. The sweeper cannot take the content away between
   * the two: it holds the same lock, and what it took is noticed here.
   * @throws Problem 409 file-gone when the content was kept so long ago that it was swept
   */
  async function record(tx: Tx, row: store.EvidenceFile): Promise<FileView> {
    await store.holdDigest(tx, row.digest)
    if (!(await vault.has(row.digest).catch(orUnavailable)))
      throw conflict('file-gone', '文件没有保存成功，请重新上传。')
    await store.insertFile(tx, row)
    return view(row)
  }

  async function preview(row: store.EvidenceFile, size: PreviewSize): Promise<Buffer> {
    if (!isImage(row.media_type)) throw notFound('preview-none', '这个文件没有预览，请下载后查看。')
    const known = await vault.preview(row.digest, size)
    if (known) return known
    const made = await makePreview(await vault.read(row.digest), size)
    await vault.keepPreview(row.digest, size, made)
    return made
  }

  /**
   * A piece of evidence, for an official whose place holds what it belongs to.
   * @param purposes the rooms it may be of; the room that asks decides by what it is told whether to hand it out
   * @throws Problem 404 file-unknown
   */
  async function open(
    official: Official,
    evaluationId: string,
    fileId: string,
    ...purposes: [FilePurpose, ...FilePurpose[]]
  ): Promise<OpenedFile> {
    const { row, namedIn } = await asStaff(app.db, placeOf(official), async (tx) => ({
      row: await store.fileById(tx, evaluationId, fileId),
      namedIn: await store.kindsNaming(tx, evaluationId, fileId),
    }))
    if (!row || !purposes.includes(row.purpose)) throw unknownFile()
    return {
      ...view(row),
      purpose: row.purpose,
      uploadedBy: row.uploaded_by,
      namedIn,
      content: async () => Readable.from(await vault.flow(row.digest).catch(orUnavailable)),
      preview: (size) => preview(row, size).catch(orUnavailable),
    }
  }

  const ofPurpose = async (
    tx: Tx,
    evaluationId: string,
    ...purposes: [FilePurpose, ...FilePurpose[]]
  ): Promise<FileView[]> =>
    (await store.filesOf(tx, evaluationId)).filter((row) => purposes.includes(row.purpose)).map(view)

  return {
    keep,
    record,
    open,
    /** What may be uploaded, for the form that asks for it. */
    rules: () => ({ megabytes, limit, extensions: ALLOWED_EXTENSIONS, words: ALLOWED_WORDS }),
    ofPurpose,
    /** The evidence of one case, with what inspectors brought along: whoever lists it shows what entries name. */
    ofCase: (tx: Tx, evaluationId: string) => ofPurpose(tx, evaluationId, 'case', 'supervision'),
    /** Those of the files named that belong there. */
    async named(
      tx: Tx,
      evaluationId: string,
      ids: string[],
      ...purposes: [FilePurpose, ...FilePurpose[]]
    ): Promise<FileView[]> {
      if (ids.length === 0) return []
      return (await ofPurpose(tx, evaluationId, ...purposes)).filter((file) => ids.includes(file.fileId))
    },
    ...fileKeeping(app, vault),
    chores: fileChores(app, vault),
  }
}
