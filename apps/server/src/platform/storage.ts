import type { Config } from './config.ts'
import { diskStorage } from './storage.disk.ts'
import { bucketStorage } from './storage.s3.ts'

/** Something that is stored, as a listing tells it. */
export interface StoredObject {
  name: string
  storedAt: Date
}

/**
 * A place for whole objects by name: a folder, or a bucket elsewhere. Names are of letters, digits, `-`, `.` and `/`.
 * Nothing is half there: an object is as it was put, or as it was before.
 */
export interface Storage {
  /**
   * Keeps an object of just `size` bytes; when this resolves it survives a power cut. Replaces what had the name.
   * @throws StorageError when it cannot be kept
   */
  put(name: string, size: number, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void>
  /** @throws StorageError when it cannot be told; null when there is none */
  get(name: string): Promise<AsyncIterable<Uint8Array> | null>
  /** @throws StorageError when it cannot be told */
  has(name: string): Promise<boolean>
  /** Takes away an object, if it is there. */
  remove(name: string): Promise<void>
  /** Everything whose name begins so, in no order; drafts of a run that was killed among them, ending in `.tmp`. */
  list(prefix: string): AsyncIterable<StoredObject>
}

/** A storage that is full, out of reach, or refuses us. */
export class StorageError extends Error {}

/** The storage that the settings name. */
export const openStorage = (config: Config): Storage =>
  config.storage === 's3'
    ? bucketStorage({
        url: config.s3Bucket,
        region: config.s3Region,
        accessKeyId: config.s3AccessKey,
        secretAccessKey: config.s3SecretKey,
      })
    : diskStorage(config.dataDir)
