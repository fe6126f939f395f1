import type { AppealClaim } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { Tables } from '../../platform/tables.ts'
import * as store from './appeals.store.ts'

/**
 * What appeals against a rating claimed and were not granted (R29, Q99): it has been decided on those grounds, and only
 * the re-examination can decide otherwise.
 */
export const lostClaims = async (db: Kysely<Tables>, evaluationId: string): Promise<AppealClaim[]> =>
  (await store.appealsOf(db, evaluationId))
    .filter(({ outcome }) => outcome === 'upheld' || outcome === 'partly')
    .map(({ claim }) => claim)
