import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { CursorText } from '../../platform/cursor.ts'
import type { HttpServer } from '../../platform/http.ts'
import { Day } from '../../platform/validation.ts'
import type { RegistersService } from './registers.service.ts'

const oneOf = <T extends string>(names: readonly T[], errorMessage: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...names], errorMessage })
const Narrowed = {
  from: Day,
  to: Day,
  organization: Type.String({ maxLength: 64 }),
  region: Type.String({ maxLength: 12 }),
}
const After = { after: CursorText }
const Missing = {
  missing: oneOf(['not_contacted', 'exempt', 'not_rectified', 'any'] as const, '没有这种缺项'),
}
const Status = {
  status: oneOf(['open', 'kept', 'broken'] as const, '没有这种履行情况'),
  extended: Type.Union([Type.Literal('true'), Type.Literal('false')]),
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const sendSheet = (reply: FastifyReply, name: string, content: Buffer) =>
  reply
    .headers({
      'content-disposition': `attachment; filename="register.xlsx"; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'private, no-store',
    })
    .type(XLSX)
    .send(content)

/** The registers of call-backs and commitments (R20, Q65, Q73), as pages and as Excel files. */
export function registerRegisterRoutes(
  instance: HttpServer,
  { registers }: { registers: RegistersService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = { config: { access: { kind: 'permission', permission: 'registers.read' } } } as const
  const callbacks = Type.Partial(Type.Object({ ...Narrowed, ...Missing }))
  const commitments = Type.Partial(Type.Object({ ...Narrowed, ...Status }))

  server.get(
    '/api/v1/registers/callbacks',
    { ...read, schema: { querystring: Type.Partial(Type.Object({ ...Narrowed, ...Missing, ...After })) } },
    ({ query: { after, ...query }, official }) => registers.callbacks(official!, query, after),
  )
  server.get(
    '/api/v1/registers/callbacks.xlsx',
    { ...read, schema: { querystring: callbacks } },
    async ({ query, official }, reply) =>
      sendSheet(reply, '实名差评回访整改台账.xlsx', await registers.callbacksFile(official!, query)),
  )
  server.get(
    '/api/v1/registers/commitments',
    { ...read, schema: { querystring: Type.Partial(Type.Object({ ...Narrowed, ...Status, ...After })) } },
    ({ query: { after, extended, ...query }, official }) =>
      registers.commitments(official!, { ...query, extended: extended === 'true' }, after),
  )
  server.get(
    '/api/v1/registers/commitments.xlsx',
    { ...read, schema: { querystring: commitments } },
    async ({ query: { extended, ...query }, official }, reply) =>
      sendSheet(
        reply,
        '限期整改承诺台账.xlsx',
        await registers.commitmentsFile(official!, { ...query, extended: extended === 'true' }),
      ),
  )
}
