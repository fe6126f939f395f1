import type { CheckFinding, CheckMethod } from '@haochaping/rules'
import type { Selectable } from 'kysely'
import { sm3 } from '../../platform/crypto/sm.ts'
import type { SpotCheckItemTable, SpotCheckTable } from '../../platform/tables.supervision.ts'
import type { JsonValue } from '../../platform/tables.ts'

/** What the cases of a draw are narrowed by; days in Asia/Shanghai, both included. */
export interface CheckFilter {
  from: string
  to: string
  organization: string | null
  region: string | null
  outcome: string | null
}

export const CHECK_STATES = { planned: '待抽取', drawn: '检查中', closed: '已结束' } as const
export type CheckState = keyof typeof CHECK_STATES

/** A round of spot checks as it is stored. */
export type CheckRow = Omit<Selectable<SpotCheckTable>, 'method' | 'selection' | 'state' | 'filter'> & {
  method: CheckMethod
  selection: 'draw' | 'pick'
  state: CheckState
  /** null where the cases were picked */
  filter: CheckFilter | null
}

/** One case of a round. */
export type ItemRow = Omit<Selectable<SpotCheckItemTable>, 'finding'> & { finding: CheckFinding | null }

const iso = (at: Date | null) => at?.toISOString() ?? null

/** SM3 of a text in hexadecimal digits: what draws are made with (`drawSample`). */
export const sm3Hex = (text: string): string => sm3(Buffer.from(text, 'utf8')).toString('hex')

/** Everything that stands in a round's row, as its journal entry has it. Until the draw the seed is held by its digest. */
export const checkFacts = (row: CheckRow): Record<string, JsonValue> => ({
  checkId: row.check_id,
  method: row.method,
  selection: row.selection,
  to: row.state,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  filter: row.filter && { ...row.filter },
  seed: row.state === 'planned' ? null : row.seed,
  seedSource: row.seed_source,
  seedCommitment: row.seed_commitment,
  percent: row.percent,
  size: row.size,
  populationSize: row.population_size,
  populationDigest: row.population_digest,
  plannedBy: row.planned_by,
  plannedAt: row.planned_at.toISOString(),
  drawnAt: iso(row.drawn_at),
  closedAt: iso(row.closed_at),
  version: row.version,
})

/** The same of one case of a round. */
export const itemFacts = (row: ItemRow): Record<string, JsonValue> => ({
  checkId: row.check_id,
  checkPath: row.check_path,
  place: row.place,
  caseNumber: row.case_number,
  itemCode: row.item_code,
  organizationId: row.organization_id,
  organizationPath: row.organization_path,
  regionCode: row.region_code,
  inspectorId: row.inspector_id,
  finding: row.finding,
  foundAt: iso(row.found_at),
  foundBy: row.found_by,
  reopened: row.reopened,
  version: row.version,
})
