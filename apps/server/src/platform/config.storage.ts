import { address, ConfigError, choice, integer, secret, setting, text } from './setting.ts'

/** Where evidence files are kept, and how large they may be. */
export const STORAGE_SETTINGS = {
  storage: setting(
    'HAOCHAPING_STORAGE',
    'Where evidence files are kept, sealed: disk (the data folder) or s3 (a bucket of an S3-compatible store).',
    'disk' as 'disk' | 's3',
    choice('disk', 's3'),
  ),
  s3Bucket: setting(
    'HAOCHAPING_S3_BUCKET',
    "The bucket's own address: https://store/bucket, or https://bucket.store where the store wants it so.",
    '',
    address('an address like https://store.example/bucket', 'http:', 'https:'),
  ),
  s3Region: setting(
    'HAOCHAPING_S3_REGION',
    'Region that requests to the store are signed for.',
    'us-east-1',
    text,
  ),
  s3AccessKey: setting('HAOCHAPING_S3_ACCESS_KEY', 'Access key of the store.', '', text),
  s3SecretKey: secret('HAOCHAPING_S3_SECRET_KEY', 'Secret that belongs to the access key.'),
  fileLimit: setting(
    'HAOCHAPING_FILE_LIMIT_MB',
    'Largest file that is taken as evidence, in MB.',
    10,
    integer(1, 100),
  ),
} as const

/** Whether an address leads to this very machine, which no wire lies between. */
export const onThisMachine = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname)

type StorageConfig = {
  readonly [K in keyof typeof STORAGE_SETTINGS]: (typeof STORAGE_SETTINGS)[K]['fallback']
}

/**
 * Makes sure that a store is named wholly or not at all, and is reached through TLS in production.
 * @throws ConfigError naming the variable that is missing, the one that has no use, or the address
 */
export function checkStorageSettings(config: StorageConfig & { mode: string }): void {
  const parts = ['s3Bucket', 's3AccessKey', 's3SecretKey'] as const
  const set = (part: (typeof parts)[number]) => config[part] !== ''
  if (config.storage === 'disk') {
    const idle = parts.find(set)
    if (!idle) return
    throw new ConfigError(`${STORAGE_SETTINGS[idle].env} is set, but HAOCHAPING_STORAGE is not s3.`)
  }
  const missing = parts.find((part) => !set(part))
  if (missing)
    throw new ConfigError(`${STORAGE_SETTINGS[missing].env} is not set: HAOCHAPING_STORAGE=s3 needs it.`)
  const url = new URL(config.s3Bucket)
  if (config.mode === 'production' && url.protocol !== 'https:' && !onThisMachine(url))
    throw new ConfigError(
      `HAOCHAPING_S3_BUCKET=${config.s3Bucket}: must begin with https:// in production mode (http only for localhost).`,
    )
}
