import type { ComplaintReport } from '../../apps/server/src/modules/complaints/complaints.schema.ts'
import type { TestApp } from './app.ts'
import { DONGHU } from './longming.ts'

let count = 0

/** A work order of the 12345 hotline about the window of 东湖区公安局. */
export const aComplaint = (over: Partial<ComplaintReport> = {}): ComplaintReport => ({
  number: `GD2026${String(++count).padStart(6, '0')}`,
  kind: 'complaint',
  medium: 'hotline',
  windowCode: DONGHU.window,
  text: '打电话反映：窗口中午没有人，等了一个小时。',
  person: { name: '孙丽', phone: '13812345678' },
  receivedAt: '2026-11-24T09:30:00+08:00',
  ...over,
})

/** A complaint taken in from a partner; gives its id and the token of its progress. */
export async function complain(t: TestApp, over: Partial<ComplaintReport> = {}, source = 'hotline') {
  const report = aComplaint(over)
  const [answer] = await t.services.complaints.report({ source }, [report])
  if (answer?.status === 'refused' || !answer?.progressUrl)
    throw new Error(`refused: ${JSON.stringify(answer)}`)
  return {
    id: t.services.complaints.complaintId(source, report.number),
    token: answer.progressUrl.split('/').at(-1)!,
    complaintNumber: answer.complaintNumber!,
    report,
  }
}
