import { hash } from '@node-rs/argon2'
import { badRequest } from '../../platform/problem.ts'

// argon2id with 19 MiB, two passes: the floor OWASP gives for one lane.
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** What is kept of a password. */
export const hashPassword = (password: string | Buffer) => hash(password, ARGON2)

/** At least 12 characters of at least three kinds (GB/T 22239, 身份鉴别). */
export function checkPassword(password: string): void {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length
  if (password.length < 12 || kinds < 3)
    throw badRequest(
      'weak-password',
      '密码至少 12 位，并包含大写字母、小写字母、数字、符号中的三种。',
      'password',
    )
}
