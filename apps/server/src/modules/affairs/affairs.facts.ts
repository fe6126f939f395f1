import { hmacSm3, lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { VisitRow } from './affairs.store.ts'

const time = (at: Date | null) => at?.toISOString() ?? null

/**
 * What of a visit stands in its journal entry: written from here, checked against here. What could tell who it was
 * about (the number and name of the affair, what was reported) is there under a key only: a bare hash of it is
 * guessable.
 */
export const visitFacts = (v: VisitRow, digestKey: Buffer) =>
  ({
    visitId: v.visit_id,
    source: v.source,
    itemCode: v.item_code,
    organizationId: v.organization_id,
    organizationPath: v.organization_path,
    regionCode: v.region_code,
    hallCode: v.hall_code,
    windowCode: v.window_code,
    staffNumber: v.staff_number,
    platformCode: v.platform_code,
    onSite: v.on_site,
    stage: v.stage,
    applicantType: v.applicant_type,
    servedAt: v.served_at.toISOString(),
    appliedAt: time(v.applied_at),
    acceptedAt: time(v.accepted_at),
    finishedAt: time(v.finished_at),
    digest: hmacSm3(
      digestKey,
      lengthPrefixed(v.affair_number, v.affair_name, v.item_name, v.digest),
    ).toString('hex'),
  }) satisfies Record<string, JsonValue>
