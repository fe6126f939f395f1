import type { Option } from '../../directory.ts'
import type { CaseDetail, CaseField } from './types.ts'

/** Who there is to choose among. */
export interface Among {
  persons: Pick<CaseDetail['persons'][number], 'id' | 'label' | 'doNotContact' | 'contacted' | 'attempts'>[]
  parties: Pick<
    CaseDetail['parties'][number],
    'kind' | 'organizationId' | 'organizationName' | 'reported' | 'until'
  >[]
}

function calledText({ contacted, attempts }: Among['persons'][number]): string {
  if (contacted) return '，已回访'
  return attempts > 0 ? `，已试 ${attempts} 次` : ''
}

/**
 * Of whom one is to be chosen: somebody who left a name and may be called, or an organisation that handles the case
 * too. Null for a field that asks for neither.
 */
export function amongOf(
  field: Pick<CaseField, 'type' | 'among'>,
  { persons, parties }: Among,
): Option[] | null {
  if (field.type === 'evaluator')
    return persons
      .filter((person) => !person.doNotContact)
      .map((person) => ({ value: person.id, label: `${person.label}${calledText(person)}` }))
  if (field.among !== 'co_handlers') return null
  return parties
    .filter((party) => party.kind === 'co' && party.until === null)
    .map((party) => ({
      value: party.organizationId,
      label: `${party.organizationName}${party.reported ? '，已提交情况' : ''}`,
    }))
}

/** Whether a field is asked for at all: with nobody to choose from there is nothing to ask. */
export const isAsked = (field: Pick<CaseField, 'type' | 'among'>, among: Among): boolean =>
  field.type !== 'evaluator' || (amongOf(field, among)?.length ?? 0) > 1
