import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type FieldProblem, Problem } from './problem.ts'

/** One thing a schema finds wrong, as TypeBox tells it. */
interface Violation {
  keyword: string
  /** JSON pointer, as a fragment, to the part of the schema that was violated */
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
}

/** A day that exists, as it stands in addresses and bodies: '2026-11-24'. */
export const Day = Type.String({ format: 'date', errorMessage: '应为存在的日期，格式如 2026-11-24' })

/** What a violated keyword means, in words for whoever filled in the field. */
const WORDS: Record<string, (params: Record<string, unknown>) => string> = {
  minLength: ({ limit }) => (limit === 1 ? '不能为空' : `不能少于 ${limit} 个字符`),
  maxLength: ({ limit }) => `不能超过 ${limit} 个字符`,
  minimum: ({ limit }) => `不能小于 ${limit}`,
  maximum: ({ limit }) => `不能大于 ${limit}`,
  minItems: ({ limit }) => `不能少于 ${limit} 项`,
  maxItems: ({ limit }) => `不能超过 ${limit} 项`,
  uniqueItems: () => '有重复的项',
  enum: ({ allowedValues }) => `应为 ${(allowedValues as unknown[]).join('、')} 之一`,
  const: ({ allowedValue }) => `应为 ${String(allowedValue)}`,
  type: () => '类型不对',
  boolean: () => '没有这个字段',
}

/** The schema's own sentence for what it refuses, where it has one. */
function ownWords(schema: unknown, schemaPath: string): string | undefined {
  const steps = schemaPath
    .slice(1)
    .split('/')
    .filter(Boolean)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
  let words: string | undefined
  let at: unknown = schema
  for (const step of ['', ...steps]) {
    if (step) at = (at as Record<string, unknown> | undefined)?.[step]
    // The innermost wins, but the sentence of a whole field also covers its parts (one of a union, one of a list).
    const own = (at as { errorMessage?: unknown } | undefined)?.errorMessage
    if (typeof own === 'string') words = own
    else if (step === 'properties') words = undefined
  }
  return words
}

/** Violations as one sentence a field, in the order they were found. */
function fieldProblems(schema: unknown, violations: readonly Violation[]): FieldProblem[] {
  const found = new Map<string, string>()
  for (const violation of violations) {
    const { keyword, instancePath, params } = violation
    const path = instancePath.split('/').filter(Boolean)
    if (keyword === 'additionalProperties') continue
    const missing = keyword === 'required' ? (params.requiredProperties as string[]) : null
    for (const name of missing ?? ['']) {
      const field = [...path, ...(name ? [name] : [])].join('.') || 'body'
      const words = missing ? '必填' : (ownWords(schema, violation.schemaPath) ?? WORDS[keyword]?.(params))
      if (!found.has(field)) found.set(field, words ?? '格式不对')
    }
  }
  return [...found].map(([field, message]) => ({ field, message }))
}

function refusal(schema: unknown, violations: readonly Violation[]): Problem {
  const errors = fieldProblems(schema, violations)
  const words = errors.map((e) => `${e.field} ${e.message}`).join('；')
  const [only] = errors
  return new Problem(422, 'invalid', `内容有误：${words}。`, {
    errors,
    ...(errors.length === 1 && only && { field: only.field }),
  })
}

/** For Fastify: checks a part of a request against its schema and refuses it in words. */
export const validatorCompiler: typeof TypeBoxValidatorCompiler = (part) => {
  const check = TypeBoxValidatorCompiler(part)
  return (value: unknown) => {
    const result = check(value) as { value: unknown } | { error: readonly Violation[] }
    return 'error' in result ? { error: refusal(part.schema, result.error) } : result
  }
}

/**
 * A value as its schema wants it, checked by hand where a route takes many things of which each may be wrong alone.
 * @throws Problem 422 invalid, with the fields at fault
 */
export function checked<S extends TSchema>(schema: S, value: unknown): Static<S> {
  if (Value.Check(schema, value)) return value
  throw refusal(schema, [...Value.Errors(schema, value)] as unknown as Violation[])
}
