import { checkMobile, checkOptionCodes, isLevel } from '@haochaping/rules'
import { type FieldProblem, Problem } from '../../platform/problem.ts'
import type { Person } from '../people/people.service.ts'
import type { SubmitEvaluation } from './evaluations.schema.ts'

/** The national option list in use. */
export const OPTION_VERSION = '2'

/** Text as it may be stored: no control characters but line breaks, no broken surrogates, trimmed. */
export const cleanText = (text: string | undefined) =>
  (text ?? '')
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .trim()

/**
 * What a rating says, cleaned, or everything that does not fit at once.
 * @throws Problem 422 invalid
 */
export function checkRating(
  input: SubmitEvaluation,
  known: { onSite: boolean; applicantKnown: boolean; wordsMaximum: number },
): { words: string; person: Person } {
  const { onSite, applicantKnown, wordsMaximum } = known
  const errors: FieldProblem[] = []
  const words = cleanText(input.words)
  if ([...words].length > wordsMaximum)
    errors.push({ field: 'words', message: `文字最多 ${wordsMaximum} 字，现有 ${[...words].length} 字。` })
  if (!onSite && input.hallLevel != null)
    errors.push({ field: 'hallLevel', message: '线上办理的业务没有大厅服务这一项。' })
  const levels = [input.level, input.hallLevel].filter(isLevel)
  const unknown = input.optionCodes.filter((code) =>
    levels.every((level) => checkOptionCodes(level, [code], OPTION_VERSION).length > 0),
  )
  if (unknown.length > 0)
    errors.push({ field: 'optionCodes', message: `选项与所选等级不符：${unknown.join('、')}。` })
  const person: Person = input.realName
    ? { name: cleanText(input.name) || undefined, phone: cleanText(input.phone) || undefined }
    : {}
  if (person.phone) {
    const phone = checkMobile(person.phone)
    if (phone.ok) person.phone = phone.value
    else errors.push({ field: 'phone', message: phone.reason })
  }
  if (input.realName && !applicantKnown && !person.phone)
    errors.push({ field: 'phone', message: '实名评价请留下手机号，以便回访。' })
  if (errors.length > 0) throw new Problem(422, 'invalid', errors.map((e) => e.message).join(' '), { errors })
  return { words, person }
}
