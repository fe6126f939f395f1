import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { HttpServer } from '../../platform/http.ts'
import { Problem } from '../../platform/problem.ts'
import { csvTemplate, formatOf } from '../catalog/catalog.files.ts'
import {
  HallDaysBody,
  HallParams,
  HallQuery,
  ImportQuery,
  NoticeQuery,
  YearParams,
} from './calendar.schema.ts'
import type { CalendarService } from './calendar.service.ts'
import { HALL_DAYS_SHEET } from './hall-days.ts'

/** Keeping the working calendar. Reading a year stands with the policies. */
export function registerCalendarRoutes(
  instance: HttpServer,
  { calendar }: { calendar: CalendarService },
): void {
  const server = instance.withTypeProvider<TypeBoxTypeProvider>()
  const session = { config: { access: { kind: 'session' } } } as const
  const edit = { config: { access: { kind: 'permission', permission: 'policies.edit' } } } as const

  server.get('/api/v1/calendar', session, () => calendar.overview())
  server.post(
    '/api/v1/calendar/:year',
    { ...edit, schema: { params: YearParams, querystring: NoticeQuery } },
    async (request) => {
      const { source, dryRun = false, running = 'prolong', note = '', basis } = request.query
      const notice = { year: request.params.year, source, ...(await fileOf(request)) }
      return calendar.loadYear(request.official!, notice, dryRun, { running, note: note.trim(), basis })
    },
  )
  server.get('/api/v1/calendar/halls', session, async (request) => ({
    items: await calendar.halls.list(request.official!),
  }))
  server.get('/api/v1/calendar/halls/template.csv', session, (_request, reply) =>
    reply
      .header('content-disposition', 'attachment; filename="hall-days.csv"')
      .type('text/csv; charset=utf-8')
      .send(csvTemplate(HALL_DAYS_SHEET)),
  )
  server.put(
    '/api/v1/calendar/halls/:code',
    { ...edit, schema: { params: HallParams, querystring: HallQuery, body: HallDaysBody } },
    (request) => {
      const { days, running = 'keep', note = '', basis } = request.body
      return calendar.halls.put(request.official!, request.params.code, days, {
        ...{ dryRun: request.query.dryRun, running, note: note.trim(), basis },
      })
    },
  )
  server.post(
    '/api/v1/calendar/halls/import',
    { ...edit, schema: { querystring: ImportQuery } },
    async (request) => {
      const { format, content } = await fileOf(request)
      const { dryRun = false, running = 'keep', note = '', basis } = request.query
      return calendar.halls.take(request.official!, format, content, dryRun, {
        ...{ running, note: note.trim(), basis },
      })
    },
  )
}

async function fileOf(request: FastifyRequest) {
  const file = await request.file()
  const format = file && formatOf(file.filename)
  if (!file || !format) throw new Problem(422, 'file-missing', '请选择 csv 或 xlsx 文件。', { field: 'file' })
  return { format, content: await file.toBuffer() }
}
