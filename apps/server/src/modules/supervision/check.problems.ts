import { conflict, notFound, Problem } from '../../platform/problem.ts'

export const unknownCheck = () => notFound('check-unknown', '没有这次抽查，或不在您的管辖范围内。')
export const stale = () => conflict('check-stale', '这次抽查刚刚有了变化，请刷新后再操作。')
/** A refusal with the reason of one field. */
export const invalid = (field: string, message: string) =>
  new Problem(422, 'invalid', message, { field, errors: [{ field, message }] })
