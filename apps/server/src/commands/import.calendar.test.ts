import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestApp } from '../../../../tests/support/app.ts'
import { appeal } from '../../../../tests/support/appeals.ts'
import { carryOut, entriesOf, noticeLines } from '../../../../tests/support/calendar.ts'
import { aCase, loadCalendar, official } from '../../../../tests/support/cases.ts'
import { testCity } from '../../../../tests/support/longming.ts'
import type { Official } from '../modules/identity/official.ts'
import { type ImportArgs, runImport } from './import.ts'

let t: TestApp
let folder: string
let head: Official
let id: string
const at = (text: string) => new Date(`${text}+08:00`)
const end = (day: string) => at(`${day}T23:59:59.999`).toISOString()
beforeAll(async () => {
  t = await testCity()
  await loadCalendar(t)
  folder = mkdtempSync(join(tmpdir(), 'haochaping-calendar-'))
  head = await official(t, 'head-dh')
  t.clock.now = at('2026-12-07T10:00:00')
  id = await aCase(t)
  await appeal(t, head, id, 'partly')
})
afterAll(async () => {
  await t.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Imports the calendar of 2026 with a day more or less, as the command line does. */
async function importing(more: string[], without: string[], options: Partial<ImportArgs> = {}) {
  const [first, ...lines] = await noticeLines(t, 2026, more, without)
  const path = join(folder, 'calendar.csv')
  writeFileSync(path, [`${first},year`, ...lines.map((line) => `${line},2026`)].join('\n'))
  const printed: string[] = []
  const code = await runImport(t, { target: 'calendar', path, ...options }, (line) => printed.push(line))
  return { code, out: printed.join('\n') }
}
const HOLIDAY = ['2026-12-08,holiday,哀悼日']
const signBy = async () => (await t.services.rectification.detail(head, id)).dueAt
const corrections = () => entriesOf(t, 'calendar.corrected')

describe('import calendar on the command line, of a year that is known (Q61)', () => {
  it('--dry-run says which deadlines would move, from and to, and keeps nothing', async () => {
    const { code, out } = await importing(HOLIDAY, [], { dryRun: true })
    expect(code).toBe(0)
    expect(out).toContain('更正了已录入年度的 1 天：2026-12-08')
    expect(out).toContain('已告知的期限：3 个按更正推后，0 个按更正会提前')
    expect(out).toContain('签收时限：2026-12-08 → 2026-12-09')
    expect(out).toContain('评价人说明情况期限：2026-12-14 → 2026-12-15')
    expect(out).toContain('没有写入')
    expect(await corrections()).toEqual([])
  })

  it('is refused until it is said what becomes of them, and says how', async () => {
    const { code, out } = await importing(HOLIDAY, [])
    expect(code).toBe(1)
    expect(out).toContain('3 个按更正推后')
    expect(out).toContain('--running prolong')
    expect(out).toContain('--running keep --note')
    const { code: unexplained, out: why } = await importing(HOLIDAY, [], { running: 'keep' })
    expect([unexplained, why]).toEqual([1, expect.stringContaining('请写明理由')])
    expect(await corrections()).toEqual([])
    expect((await t.services.policies.calendarYear(2026)).days.map(({ day }) => day)).not.toContain(
      '2026-12-08',
    )
  })

  it('prolonged, the deadlines follow as after a correction on the page, with the same entries', async () => {
    const { code, out } = await importing(HOLIDAY, [], { running: 'prolong' })
    expect([code, out]).toEqual([0, expect.stringContaining('导入完成')])
    const [entry] = await corrections()
    expect(entry!.payload).toMatchObject({ year: 2026, running: 'prolong', later: 3, firstDay: '2026-12-08' })
    await carryOut(t)
    expect(await signBy()).toBe(end('2026-12-09'))
    expect(await entriesOf(t, 'calendar.correction-applied')).toHaveLength(1)
  })

  it('kept, none moves, and the reason is in the journal', async () => {
    const kept = await importing([], ['2026-12-08'], { running: 'keep', note: '更正录入错误' })
    expect([kept.code, kept.out]).toEqual([0, expect.stringContaining('3 个按更正会提前')])
    await carryOut(t)
    expect(await signBy()).toBe(end('2026-12-09'))
    const { rows } = await t.asOwner(
      `select content ->> 'note' as note from entry_text join journal_entry using (subject_id, entry_id)
       where kind = 'calendar.corrected'`,
    )
    expect(rows).toEqual([{ note: '更正录入错误' }])
  })

  it('asks for no choice where no deadline that was told is reached', async () => {
    expect(await importing(['2026-03-03,holiday,哀悼日'], [])).toMatchObject({ code: 0 })
    expect((await corrections()).at(-1)!.payload).toMatchObject({ running: 'prolong', later: 0, kept: 0 })
    expect(await importing([], [])).toMatchObject({ code: 0, out: expect.not.stringContaining('更正了') })
  })
})
