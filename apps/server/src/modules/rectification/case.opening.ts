import { type CaseSourceKind, shanghaiDate } from '@haochaping/rules'
import type { App } from '../../platform/context.ts'
import { derivedUuid } from '../../platform/ids.ts'
import type { CaseClocks } from './case.clock.ts'
import { type CaseRow, caseNumber, isAbout, personColumns } from './case.ts'

/** What a case is opened by: a negative rating, a complaint, the finding of a spot check. */
export interface Opening {
  evaluationId: string
  kind: CaseSourceKind
  /** the affair, whatever it came from; null where it is not known */
  matterId: string | null
  /** of the rating; null where there is none */
  level: number | null
  realName: boolean
  doNotContact: boolean
  itemCode: string
  organizationId: string
  organizationPath: string
  regionCode: string
  hallCode: string
  staffNumber: string
  /** when the citizen said it: the first clock starts then */
  at: Date
}

/** What is joined to a case that is there already: the same matter from another side. */
export interface Source {
  kind: CaseSourceKind
  /** what it is the source of itself */
  evaluationId: string
  at: Date
  level?: number | null
  realName?: boolean
  doNotContact?: boolean
  /** whom it is about; '' for nobody by name */
  staffNumber?: string
  /** whoever of the case is reached by the same telephone: they are called once */
  sameAs?: string | undefined
}

/** Somebody who left a name with what they said, not called yet. */
const namedPerson = (id: string, doNotContact: boolean) => ({
  id,
  doNotContact,
  contacted: false,
  attempts: 0,
})

/** The first row of a case that is opened, as far as it does not follow from its clocks. */
export function makeFirstRow(app: App, clocks: CaseClocks) {
  const ids = app.keys.derive('ids')
  const numbers = app.keys.derive('case-numbers')
  return async (opening: Opening): Promise<CaseRow> => {
    const { at } = opening
    const place = {
      region_code: opening.regionCode,
      item_code: opening.itemCode,
      hall_code: opening.hallCode,
    }
    return {
      ...place,
      evaluation_id: opening.evaluationId,
      case_id: derivedUuid(ids, 'case', opening.evaluationId),
      case_number: caseNumber(numbers, opening.evaluationId, shanghaiDate(at)),
      source_kind: opening.kind,
      matter_id: opening.matterId,
      level: opening.level,
      real_name: opening.realName,
      do_not_contact: opening.doNotContact,
      organization_id: opening.organizationId,
      organization_path: opening.organizationPath,
      staff_number: opening.staffNumber,
      ...{ opened_at: at, state_since: at, round_since: at },
      ...{ state: 'to_sign', returns_to: null, round: 1, version: 1, outcome: null, verifier_id: null },
      ...personColumns(opening.realName ? [namedPerson(opening.evaluationId, opening.doNotContact)] : []),
      ...{
        replied: false,
        asked: false,
        rejected: false,
        rejection_reason: null,
      },
      ...{
        transfer_to: null,
        transfer_refused: false,
        party_paths: [],
        reported_paths: [],
        reports_waived: false,
        joined_staff: [],
        shared: false,
        false_reports: 0,
      },
      ...{ promised_on: null, first_promised_on: null, extensions: 0 },
      ...{ extension_until: null, extension_status: null, rectified_at: null, closed_at: null },
      clocks: [await clocks.start('sign', place, at)],
      ...{ due_at: null, due_provisional: false, overdue: false, ever_overdue: false },
      ...{ next_due_at: null, next_due_key: null, next_alarm_at: null, missing_years: [] },
    }
  }
}

/** Those a case is about besides whoever was rated first, once another source was joined. */
export function withStaff(row: CaseRow, { staffNumber = '' }: Source): Pick<CaseRow, 'joined_staff'> {
  const known = staffNumber === '' || isAbout(row, staffNumber)
  return { joined_staff: known ? row.joined_staff : [...row.joined_staff, staffNumber].sort() }
}

/** Those of a case who left a name, once another source was joined: one person more, or one known already. */
export function withPerson(row: CaseRow, source: Source): Partial<CaseRow> {
  if (!source.realName) return {}
  const { evaluationId, doNotContact = false, sameAs } = source
  const known = row.persons.some((person) => person.id === sameAs)
  const persons = known
    ? row.persons.map((person) =>
        person.id === sameAs ? { ...person, doNotContact: person.doNotContact || doNotContact } : person,
      )
    : [...row.persons, namedPerson(evaluationId, doNotContact)]
  return {
    ...personColumns(persons),
    real_name: true,
    do_not_contact: persons.every((person) => person.doNotContact),
  }
}
