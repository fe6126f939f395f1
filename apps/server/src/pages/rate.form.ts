import { randomUUID } from 'node:crypto'
import { isLevel, LEVELS, optionsFor } from '@haochaping/rules'
import type { SubmitEvaluation } from '../modules/evaluations/evaluations.schema.ts'
import type { FieldProblem } from '../platform/problem.ts'

/** What stands in the form: exactly what the citizen entered, right or wrong, so that nothing is lost. */
export interface RateDraft {
  level: number | null
  hallLevel: number | null | 'none'
  options: string[]
  hallOptions: string[]
  words: string
  realName: boolean | null
  name: string
  phone: string
  doNotContact: boolean
  channel: number
  /** Path of the hall tablet to return to; empty on a citizen's own device. */
  home: string
  submissionId: string
}

/** What a form field may arrive as from the urlencoded parser. */
type Fields = Record<string, unknown>

const one = (fields: Fields, name: string): string => {
  const value = fields[name]
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}
const many = (fields: Fields, name: string): string[] =>
  [fields[name]].flat().filter((v): v is string => typeof v === 'string' && /^[0-9]{3}$/.test(v))

const levelFrom = (text: string) => LEVELS.find((l) => String(l.level) === text)?.level ?? null

/** Channels a page can be the face of: PC, mobile, QR code, tablet, self-service, SMS (not the telephone). */
const PAGE_CHANNELS = ['1', '2', '3', '4', '5', '7']
const channelFrom = (text: string, userAgent: string) =>
  PAGE_CHANNELS.includes(text) ? Number(text) : /Mobi|Android|iPhone|MicroMessenger/.test(userAgent) ? 2 : 1

/** The path of a hall tablet, or nothing. */
export const homeFrom = (text: unknown) =>
  typeof text === 'string' && /^\/hall\/[A-Za-z0-9_-]{1,64}\/[A-Za-z0-9_-]{1,64}$/.test(text) ? text : ''

/** An untouched form. `c` (channel) and `home` come from the link. */
export const emptyDraft = (query: Fields, userAgent: string): RateDraft => ({
  level: null,
  hallLevel: null,
  options: [],
  hallOptions: [],
  words: '',
  realName: null,
  name: '',
  phone: '',
  doNotContact: false,
  channel: channelFrom(one(query, 'c'), userAgent),
  home: homeFrom(one(query, 'home')),
  submissionId: randomUUID(),
})

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads what was posted; never throws. */
export function draftFrom(fields: Fields, userAgent: string): RateDraft {
  const given = one(fields, 'submissionId')
  const identity = one(fields, 'realName')
  return {
    level: levelFrom(one(fields, 'level')),
    hallLevel: one(fields, 'hallLevel') === 'none' ? 'none' : levelFrom(one(fields, 'hallLevel')),
    options: many(fields, 'options'),
    hallOptions: many(fields, 'hallOptions'),
    words: one(fields, 'words'),
    realName: identity === 'yes' ? true : identity === 'no' ? false : null,
    name: one(fields, 'name').slice(0, 100),
    phone: one(fields, 'phone').slice(0, 32),
    doNotContact: one(fields, 'doNotContact') === 'yes',
    channel: channelFrom(one(fields, 'channel'), userAgent),
    home: homeFrom(one(fields, 'home')),
    submissionId: UUID.test(given) ? given : randomUUID(),
  }
}

/**
 * The submission a draft means, or what is missing. Options of a level that was changed afterwards are hidden from
 * the citizen, so they are left out; no choice about the name means anonymous, as the form says.
 */
export function submissionFrom(
  draft: RateDraft,
): { submission: SubmitEvaluation } | { errors: FieldProblem[] } {
  const { level } = draft
  if (level === null) return { errors: [{ field: 'level', message: '请选择一个满意度等级。' }] }
  const hallLevel = draft.hallLevel === 'none' ? null : draft.hallLevel
  const fitting = [...ofLevel(draft.options, level), ...ofLevel(draft.hallOptions, hallLevel)]
  const realName = draft.realName === true
  const [name, phone] = [draft.name.trim(), draft.phone.replace(/[\s-]/g, '')]
  return {
    submission: {
      level,
      hallLevel,
      optionCodes: [...new Set(fitting)],
      words: draft.words,
      realName,
      doNotContact: draft.doNotContact,
      ...(realName && name && { name }),
      ...(realName && phone && { phone }),
      channel: draft.channel,
      submissionId: draft.submissionId,
    },
  }
}

function ofLevel(codes: string[], level: number | null): string[] {
  if (!isLevel(level)) return []
  const allowed = optionsFor(level).map((option) => option.code)
  return codes.filter((code) => allowed.includes(code))
}
