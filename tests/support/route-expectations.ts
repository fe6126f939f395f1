import { randomUUID } from 'node:crypto'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { PNG } from './cases.ts'
import type { District } from './longming.ts'
import type { SupervisionSample } from './supervision.ts'

/** What there is of one district for the matrix to ask for, and by what it would be recognised in a wrong answer. */
export interface Sample extends District {
  short: string
  evaluationId: string
  complaintId: string
  fileId: string
  /** of the appeal against the same rating */
  appealFileId: string
  messageId: string
  accountId: string
  supervision: SupervisionSample
  /** texts that only officials of this place may see */
  secrets: string[]
}

type Call = (d: Sample) => InjectOptions & { url: string }
type Answer = LightMyRequestResponse

/**
 * How far a route reaches:
 * - `open`: asks for no session (public, token, partner)
 * - `self`: about the caller's own session only
 * - `same`: tells everybody who may call it the same, wherever they stand
 * - `list`: the rows of the caller's place; `shows` must be seen by whoever's place it is
 * - `one`: one thing of one place; from elsewhere it is refused, and nothing of it told
 */
export type Expectation =
  | { reach: 'open' | 'self' | 'same'; call: InjectOptions & { url: string } }
  | { reach: 'list'; call: Call; shows: (d: Sample) => string }
  | { reach: 'one'; call: Call; refused: (answer: Answer) => boolean }

const open = (url: string, payload?: object): Expectation => ({
  reach: 'open',
  call: { url, ...(payload && { payload }) },
})
const self = (url: string, payload?: object): Expectation => ({
  reach: 'self',
  call: { url, ...(payload && { payload }) },
})
const sameWith = (url: string, payload: object): Expectation => ({ reach: 'same', call: { url, payload } })
const same = (url: string): Expectation => ({ reach: 'same', call: { url } })
const list = (url: (d: Sample) => string, shows: (d: Sample) => string): Expectation => ({
  reach: 'list',
  call: (d) => ({ url: url(d) }),
  shows,
})
const notFound = (answer: Answer) => answer.statusCode === 404
const one = (call: Call, refused = notFound): Expectation => ({ reach: 'one', call, refused })
const withCode = (status: number, code: string) => (answer: Answer) =>
  answer.statusCode === status && answer.json().code === code

const TOKEN = 'A'.repeat(43)

/** A form with one file in it, as a browser sends it. */
export function formWithFile(name: string, content: Buffer): Pick<InjectOptions, 'payload' | 'headers'> {
  const boundary = 'matrix-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

let count = 0
const aNewKey = (d: Sample) => `matrix-${d.short}-${++count}`

const newItem = ({ short, department }: Sample) =>
  `code,name,kind,organization_id,level\n${short}-imported,导入事项,公共服务,${department},区级`

/** Every route there is, one line each. A route without a line fails the matrix. */
export const ROUTES: Record<string, Expectation> = {
  'GET /healthz': open('/healthz'),
  'GET /readyz': open('/readyz'),
  'GET /metrics': open('/metrics'),
  'GET /openapi.json': open('/openapi.json'),
  'GET /static/*': open('/static/nothing.css'),
  'GET /console': open('/console'),
  'GET /console/*': open('/console/cases'),
  'GET /console/assets/*': open('/console/assets/nothing.js'),

  'GET /': open('/'),
  'GET /organizations': open('/organizations'),
  'GET /organizations/:id': open('/organizations/lm-dh-gaj'),
  'GET /items': open('/items'),
  'GET /items/:code': open('/items/dh-idcard'),
  'GET /cases': open('/cases'),
  'GET /summaries': open('/summaries'),
  'GET /summaries/:period': open('/summaries/2026-10'),
  'GET /summaries/:period/:scope': open('/summaries/2026-10/lm-dh'),
  'GET /cases/:caseNumber': open('/cases/nothing'),
  'GET /supervision': open('/supervision'),
  'GET /method': open('/method'),
  'GET /ledger': open('/ledger'),
  'GET /open-data/summary.json': open('/open-data/summary.json'),
  'GET /open-data/daily.csv': open('/open-data/daily.csv'),
  'GET /open-data/appeals.csv': open('/open-data/appeals.csv'),
  'GET /open-data/organizations.csv': open('/open-data/organizations.csv'),

  'GET /r/:token': open(`/r/${TOKEN}`),
  'POST /r/:token': open(`/r/${TOKEN}`, { level: '5' }),
  'GET /p/:token': open(`/p/${TOKEN}`),
  'GET /p/:token/appeal': open(`/p/${TOKEN}/appeal`),
  'POST /p/:token/appeal': open(`/p/${TOKEN}/appeal`, { words: '说明' }),
  'POST /p/:token/survey': open(`/p/${TOKEN}/survey`, { answer: 'satisfied' }),
  'POST /p/:token/supply': open(`/p/${TOKEN}/supply`, { words: '补充' }),
  'GET /p/:token/follow-up': open(`/p/${TOKEN}/follow-up`),
  'POST /p/:token/follow-up': open(`/p/${TOKEN}/follow-up`, { level: '5' }),
  'GET /p/:token/retaliation': open(`/p/${TOKEN}/retaliation`),
  'POST /p/:token/retaliation': open(`/p/${TOKEN}/retaliation`, { statement: '有人打电话' }),
  'GET /elder': open('/elder?on=1&back=/'),
  'GET /privacy': open('/privacy'),
  'GET /demo': open('/demo'),
  'POST /demo': open('/demo'),
  'GET /hall/:hallCode/:windowCode': open('/hall/dh-hall/dh-w1'),

  'POST /api/v1/session': open('/api/v1/session', {}),
  'GET /api/v1/session': self('/api/v1/session'),
  'DELETE /api/v1/session': self('/api/v1/session'),
  'POST /api/v1/session/password': self('/api/v1/session/password', { current: 'x', next: 'x' }),
  'GET /api/v1/saved-views': self('/api/v1/saved-views?screen=cases'),
  'POST /api/v1/saved-views': self('/api/v1/saved-views', {
    screen: 'cases',
    name: '今天',
    query: 'due=today',
  }),
  'DELETE /api/v1/saved-views/:id': self(`/api/v1/saved-views/${randomUUID()}`),
  'GET /api/v1/calendar': same('/api/v1/calendar'),
  'GET /api/v1/calendar/halls': same('/api/v1/calendar/halls'),
  'GET /api/v1/calendar/halls/template.csv': same('/api/v1/calendar/halls/template.csv'),
  'GET /api/v1/calendar/:year': same('/api/v1/calendar/2026'),
  // The calendar and the summaries are the whole city's; who of those permitted may keep them, the service decides.
  'POST /api/v1/calendar/:year': {
    reach: 'same',
    call: {
      url: '/api/v1/calendar/2027?dryRun=true&source=国务院办公厅通知',
      ...formWithFile('calendar.csv', Buffer.from('day,kind,name\n2027-01-01,holiday,元旦')),
    },
  },
  'PUT /api/v1/calendar/halls/:code': one(
    (d) => ({ url: `/api/v1/calendar/halls/${d.hall}`, payload: { days: [] } }),
    withCode(403, 'outside-place'),
  ),
  'POST /api/v1/calendar/halls/import': one(
    (d) => ({
      url: '/api/v1/calendar/halls/import?dryRun=true',
      ...formWithFile('hall-days.csv', Buffer.from(`大厅编码,日期或星期,是否开放\n${d.hall},周六,是`)),
    }),
    (answer) => answer.json().rejected?.[0]?.field === '大厅编码',
  ),
  'GET /api/v1/summaries': same('/api/v1/summaries'),
  'POST /api/v1/summaries': {
    reach: 'same',
    call: { url: '/api/v1/summaries', payload: { period: '2026-10' } },
  },
  'POST /api/v1/summaries/bulk': {
    reach: 'same',
    call: {
      url: '/api/v1/summaries/bulk',
      payload: { event: 'approve', items: [{ id: randomUUID(), version: 1 }] },
    },
  },
  ...Object.fromEntries(
    ['approve', 'publish', 'withdraw'].map((act): [string, Expectation] => [
      `POST /api/v1/summaries/:id/${act}`,
      {
        reach: 'same',
        call: {
          url: `/api/v1/summaries/${randomUUID()}/${act}`,
          payload: { version: 1, ...(act === 'withdraw' && { reason: '数字有误，重新核对' }) },
        },
      },
    ]),
  ),

  'GET /api/v1/accounts': list(
    () => '/api/v1/accounts',
    (d) => `handler-${d.short}`,
  ),
  'POST /api/v1/accounts': one(
    (d) => ({
      url: '/api/v1/accounts',
      payload: {
        username: aNewKey(d),
        displayName: '新来的',
        role: 'handler',
        organizationId: d.department,
        password: 'Initial-Pass-2026',
      },
    }),
    withCode(403, 'outside-place'),
  ),
  'PATCH /api/v1/accounts/:id': one((d) => ({
    url: `/api/v1/accounts/${d.accountId}`,
    payload: { displayName: '改名' },
  })),

  'POST /api/v1/affairs/visits': open('/api/v1/affairs/visits', {}),
  'POST /api/v1/adapters/hall/evaluations': open('/api/v1/adapters/hall/evaluations', {}),
  'POST /api/v1/evaluations': open('/api/v1/evaluations', { token: TOKEN }),
  'POST /api/v1/evaluations/follow-up': open('/api/v1/evaluations/follow-up', { token: TOKEN }),
  'POST /api/v1/complaints': open('/api/v1/complaints', {}),
  'POST /api/v1/complaints/register': one(
    (d) => ({
      url: '/api/v1/complaints/register',
      payload: {
        submissionId: randomUUID(),
        kind: 'complaint',
        medium: 'visit',
        windowCode: d.window,
        text: '来访反映窗口没有人',
        receivedAt: '2026-11-24T09:30:00+08:00',
      },
    }),
    withCode(403, 'outside-place'),
  ),
  'GET /api/v1/complaints': list(
    () => '/api/v1/complaints',
    (d) => d.complaintId,
  ),
  'GET /api/v1/cases/:id/history': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}/history` })),
  'GET /api/v1/cases/:id/guide': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}/guide` })),
  'GET /api/v1/cases/:id/sources': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}/sources` })),
  'GET /api/v1/complaints/:id': one((d) => ({ url: `/api/v1/complaints/${d.complaintId}` })),
  'POST /api/v1/complaints/:id/identity': one((d) => ({
    url: `/api/v1/complaints/${d.complaintId}/identity`,
    payload: { reason: '电话回访核实' },
  })),
  'GET /api/v1/scale': open('/api/v1/scale'),
  'GET /api/v1/evaluations': list(
    (d) => `/api/v1/evaluations?region=${d.region}`,
    (d) => d.evaluationId,
  ),
  'GET /api/v1/evaluations/:id': one((d) => ({ url: `/api/v1/evaluations/${d.evaluationId}` })),
  'POST /api/v1/evaluations/:id/identity': one((d) => ({
    url: `/api/v1/evaluations/${d.evaluationId}/identity`,
    payload: { reason: '电话回访核实' },
  })),

  // The directory is public (R2); who may edit which of it is not.
  'GET /api/v1/catalog/regions': same('/api/v1/catalog/regions'),
  'GET /api/v1/catalog/organizations': same('/api/v1/catalog/organizations'),
  'GET /api/v1/catalog/halls': same('/api/v1/catalog/halls'),
  'GET /api/v1/catalog/windows': same('/api/v1/catalog/windows'),
  'GET /api/v1/catalog/platforms': same('/api/v1/catalog/platforms'),
  'GET /api/v1/catalog/staff': same('/api/v1/catalog/staff'),
  'GET /api/v1/catalog/items': same('/api/v1/catalog/items'),
  'GET /api/v1/catalog/items/:code': same('/api/v1/catalog/items/xl-idcard'),
  'GET /api/v1/catalog/:entity/:key/versions': same('/api/v1/catalog/items/xl-idcard/versions'),
  'GET /api/v1/catalog/templates/:file': same('/api/v1/catalog/templates/items.csv'),
  'PUT /api/v1/catalog/:entity/:key': one(
    (d) => ({
      url: `/api/v1/catalog/items/${aNewKey(d)}`,
      payload: { version: 0, name: '新事项', kind: '公共服务', organizationId: d.department, level: '区级' },
    }),
    (answer) => answer.statusCode === 422 && answer.json().errors[0].message === '不在您的管理范围内',
  ),
  'POST /api/v1/catalog/import/:entity': one(
    (d) => ({
      url: '/api/v1/catalog/import/items?dryRun=true',
      ...formWithFile('items.csv', Buffer.from(newItem(d))),
    }),
    (answer) => answer.json().rejected[0]?.reason === '不在您的管理范围内',
  ),

  // The numbers of the rules are the same for everybody to read; each region's are its own to change.
  'GET /api/v1/policies': same('/api/v1/policies'),
  'GET /api/v1/policies/in-force': same('/api/v1/policies/in-force'),
  'POST /api/v1/policies': one(
    (d) => ({
      url: '/api/v1/policies',
      payload: { key: 'sign', regionCode: d.region, value: 1, validFrom: '2026-12-01' },
    }),
    withCode(403, 'outside-place'),
  ),

  'GET /api/v1/cases': list(
    (d) => `/api/v1/cases?region=${d.region}`,
    (d) => d.evaluationId,
  ),
  // Numbers alone: that they are of one's own place is shown by the tests of the room.
  'GET /api/v1/cases/counts': list(
    () => '/api/v1/cases/counts',
    () => '"byClock"',
  ),
  'GET /api/v1/cases/:id': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}` })),
  // An old version: nobody changes anything, but whoever may not see the case is not told that it exists.
  'POST /api/v1/cases/:id/events/:event': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/events/record_contact`,
    payload: { version: 1, values: {} },
  })),
  'GET /api/v1/cases/bulk': list(
    (d) => `/api/v1/cases/bulk?ids=${d.evaluationId}`,
    (d) => d.evaluationId,
  ),
  'POST /api/v1/cases/bulk': one(
    (d) => ({
      url: '/api/v1/cases/bulk',
      payload: { event: 'sign', items: [{ id: d.evaluationId, version: 1 }], values: {} },
    }),
    (answer) => answer.json().items[0].problem.code === 'case-unknown',
  ),
  'POST /api/v1/cases/:id/files': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/files`,
    ...formWithFile('现场.png', PNG),
  })),
  'GET /api/v1/cases/:id/file.pdf': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}/file.pdf` })),
  'GET /api/v1/files/rules': same('/api/v1/files/rules'),
  'GET /api/v1/cases/:id/files/:fileId': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/files/${d.fileId}`,
  })),
  'GET /api/v1/cases/:id/files/:fileId/preview': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/files/${d.fileId}/preview?size=small`,
  })),
  'GET /api/v1/appeals': list(
    (d) => `/api/v1/appeals?region=${d.region}`,
    (d) => d.evaluationId,
  ),
  'GET /api/v1/appeals/:id': one((d) => ({ url: `/api/v1/appeals/${d.evaluationId}` })),
  'GET /api/v1/appeals/:id/filing': one((d) => ({ url: `/api/v1/appeals/${d.evaluationId}/filing` })),
  'POST /api/v1/appeals/:id': one((d) => ({
    url: `/api/v1/appeals/${d.evaluationId}`,
    payload: { values: {} },
  })),
  'POST /api/v1/appeals/:id/events/:event': one((d) => ({
    url: `/api/v1/appeals/${d.evaluationId}/events/supplement`,
    payload: { version: 1, values: {} },
  })),
  'POST /api/v1/appeals/:id/files': one((d) => ({
    url: `/api/v1/appeals/${d.evaluationId}/files`,
    ...formWithFile('证据.png', PNG),
  })),
  'GET /api/v1/appeals/:id/files/:fileId': one((d) => ({
    url: `/api/v1/appeals/${d.evaluationId}/files/${d.appealFileId}`,
  })),
  'GET /api/v1/cases/:id/supervision': one((d) => ({ url: `/api/v1/cases/${d.evaluationId}/supervision` })),
  'POST /api/v1/cases/:id/supervision/orders': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/supervision/orders`,
    payload: { kind: 'urge', demand: '请尽快办理' },
  })),
  'POST /api/v1/cases/:id/supervision/orders/:orderId/events/:event': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/supervision/orders/${d.supervision.orderId}/events/answer`,
    payload: { version: 99, values: {} },
  })),
  'POST /api/v1/cases/:id/supervision/files': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/supervision/files`,
    ...formWithFile('现场.png', PNG),
  })),
  'GET /api/v1/cases/:id/supervision/files/:fileId': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/supervision/files/${d.supervision.foundFileId}`,
  })),
  'GET /api/v1/cases/:id/supervision/files/:fileId/preview': one((d) => ({
    url: `/api/v1/cases/${d.evaluationId}/supervision/files/${d.supervision.foundFileId}/preview?size=small`,
  })),
  'GET /api/v1/supervision/orders': list(
    (d) => `/api/v1/supervision/orders?region=${d.region}`,
    (d) => d.supervision.orderId,
  ),
  'GET /api/v1/supervision/organizations': list(
    () => '/api/v1/supervision/organizations',
    (d) => d.departmentName,
  ),
  'GET /api/v1/spot-checks': list(
    () => '/api/v1/spot-checks?pageSize=100',
    (d) => d.supervision.checkId,
  ),
  'POST /api/v1/spot-checks': one(
    (d) => ({
      url: '/api/v1/spot-checks',
      payload: {
        title: '抽查',
        method: 'sample',
        size: 1,
        filter: { from: '2026-11-01', to: '2026-11-30', organization: d.organization },
      },
    }),
    withCode(422, 'invalid'),
  ),
  'POST /api/v1/spot-checks/picked': one(
    (d) => ({
      url: '/api/v1/spot-checks/picked',
      payload: { title: '抽查', method: 'call', caseNumbers: [d.supervision.caseNumber] },
    }),
    withCode(422, 'invalid'),
  ),
  'GET /api/v1/spot-checks/:checkId': one((d) => ({ url: `/api/v1/spot-checks/${d.supervision.checkId}` })),
  'GET /api/v1/spot-checks/:checkId/population.txt': one((d) => ({
    url: `/api/v1/spot-checks/${d.supervision.checkId}/population.txt`,
  })),
  'POST /api/v1/spot-checks/:checkId/draw': one((d) => ({
    url: `/api/v1/spot-checks/${d.supervision.checkId}/draw`,
    payload: { version: 99 },
  })),
  'POST /api/v1/spot-checks/:checkId/close': one((d) => ({
    url: `/api/v1/spot-checks/${d.supervision.checkId}/close`,
    payload: { version: 99, summary: '小结' },
  })),
  'POST /api/v1/spot-checks/:checkId/items/:id/assign': one((d) => ({
    url: `/api/v1/spot-checks/${d.supervision.checkId}/items/${d.evaluationId}/assign`,
    payload: { version: 99, inspectorId: d.accountId },
  })),
  'POST /api/v1/spot-checks/:checkId/items/:id/finding': one((d) => ({
    url: `/api/v1/spot-checks/${d.supervision.checkId}/items/${d.evaluationId}/finding`,
    payload: { version: 99, finding: 'none', note: '属实' },
  })),
  'GET /api/v1/retaliation-reports': list(
    () => '/api/v1/retaliation-reports',
    (d) => d.supervision.reportId,
  ),
  'GET /api/v1/retaliation-reports/:id/:reportId': one((d) => ({
    url: `/api/v1/retaliation-reports/${d.evaluationId}/${d.supervision.reportId}`,
  })),
  'POST /api/v1/retaliation-reports/:id/:reportId/answer': one((d) => ({
    url: `/api/v1/retaliation-reports/${d.evaluationId}/${d.supervision.reportId}/answer`,
    payload: { version: 99, outcome: 'confirmed', answer: '已处理' },
  })),
  'GET /api/v1/registers/callbacks': list(
    (d) => `/api/v1/registers/callbacks?region=${d.region}`,
    (d) => d.evaluationId,
  ),
  'GET /api/v1/registers/commitments': list(
    (d) => `/api/v1/registers/commitments?region=${d.region}`,
    (d) => d.supervision.promisedId,
  ),
  // An Excel file is packed: that it comes is all that can be seen here; its rows are looked at in registers.test.ts.
  'GET /api/v1/registers/callbacks.xlsx': list(
    () => '/api/v1/registers/callbacks.xlsx',
    () => 'PK',
  ),
  'GET /api/v1/registers/commitments.xlsx': list(
    () => '/api/v1/registers/commitments.xlsx',
    () => 'PK',
  ),
  'GET /api/v1/appeals/:id/files/:fileId/preview': one((d) => ({
    url: `/api/v1/appeals/${d.evaluationId}/files/${d.appealFileId}/preview?size=small`,
  })),
  'GET /api/v1/messages': list(
    () => '/api/v1/messages',
    (d) => d.departmentName,
  ),
  'POST /api/v1/messages/:id/resend': one((d) => ({
    url: `/api/v1/messages/${d.messageId}/resend`,
    payload: {},
  })),
  'POST /api/v1/messages/resend': sameWith('/api/v1/messages/resend', {}),
  'GET /api/v1/message-templates': same('/api/v1/message-templates'),
  'POST /api/v1/message-templates/:key/:medium/preview': sameWith(
    '/api/v1/message-templates/case_reply/sms/preview',
    { title: '', body: '{link}' },
  ),
  'PUT /api/v1/message-templates/:key/:medium': sameWith('/api/v1/message-templates/case_reply/sms', {
    version: 0,
    title: '',
    body: '没有链接',
    carrierCode: '',
  }),
  'POST /api/v1/messages/replies': open('/api/v1/messages/replies', { phone: '13900000000', text: 'TD' }),
  'GET /p/:token/contact': open(`/p/${TOKEN}/contact`),
  'POST /p/:token/contact': open(`/p/${TOKEN}/contact`, { wish: 'stop' }),
  'POST /api/v1/receipts/:token/channels': open(`/api/v1/receipts/${TOKEN}/channels`, {
    medium: 'email',
    address: 'a@example.cn',
  }),
  'GET /api/v1/inbox': self('/api/v1/inbox'),
  'GET /api/v1/inbox/unread': self('/api/v1/inbox/unread'),
  'POST /api/v1/inbox/:id/read': self('/api/v1/inbox/00000000-0000-8000-8000-000000000000/read', {}),
  'POST /api/v1/inbox/read-all': self('/api/v1/inbox/read-all', {}),
  'PUT /api/v1/inbox/email': self('/api/v1/inbox/email', { email: '' }),
  'GET /api/v1/dashboard': list(
    (d) => `/api/v1/dashboard?organization=${d.department}`,
    (d) => d.departmentName,
  ),

  'GET /api/v1/journal': list(
    () => '/api/v1/journal?pageSize=100',
    (d) => d.evaluationId,
  ),
  'GET /api/v1/journal/actors': list(
    (d) => `/api/v1/journal/actors?q=${d.short}`,
    (d) => `handler-${d.short}`,
  ),
  'GET /api/v1/journal/actors/:actor': same('/api/v1/journal/actors/citizen'),
  'GET /api/v1/ledger/checkpoint': open('/api/v1/ledger/checkpoint'),
  'GET /api/v1/ledger/consistency': open('/api/v1/ledger/consistency?from=1&to=2'),
  'GET /api/v1/ledger/checkpoints': open('/api/v1/ledger/checkpoints'),
  'GET /api/v1/receipts/:token/proof': open(`/api/v1/receipts/${TOKEN}/proof`),
}
