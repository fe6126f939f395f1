import { hmacSm3, lengthPrefixed } from '../../platform/crypto/sm.ts'
import type { JsonValue } from '../../platform/tables.ts'
import type { ComplaintEntry, ComplaintReport } from './complaints.schema.ts'
import type { ComplaintRow } from './complaints.store.ts'

/** Purpose of the key that complaints are digested with. */
export const COMPLAINT_DIGEST = 'complaint-digest'

/** A keyed digest of what was passed on: the same number with another content can be told. */
export function reportedDigest(key: Buffer, number: string, r: ComplaintReport | ComplaintEntry): Buffer {
  const parts = [
    ...[number, r.kind, r.medium, r.affairNumber, r.affairSource, r.itemCode, r.organizationId, r.windowCode],
    ...[r.staffNumber, r.text, r.person?.name, r.person?.phone, r.person?.idNumber],
    ...[r.doNotContact === true, r.receivedAt],
  ]
  return hmacSm3(key, lengthPrefixed(...parts.map((part) => String(part ?? ''))))
}

/**
 * What of a complaint stands in its journal entry: written from here, checked against here. The numbers that others
 * know it by are there under a key only: they could tell who it was.
 */
export const complaintFacts = (c: ComplaintRow, key: Buffer) =>
  ({
    complaintNumber: c.complaint_number,
    kind: c.kind,
    medium: c.medium,
    source: c.source,
    matterId: c.matter_id,
    itemCode: c.item_code,
    organizationId: c.organization_id,
    organizationPath: c.organization_path,
    regionCode: c.region_code,
    windowCode: c.window_code,
    staffNumber: c.staff_number,
    realName: c.real_name,
    doNotContact: c.do_not_contact,
    receivedAt: c.received_at.toISOString(),
    digest: hmacSm3(key, lengthPrefixed(c.source_number, c.affair_number, c.digest)).toString('hex'),
  }) satisfies Record<string, JsonValue>
