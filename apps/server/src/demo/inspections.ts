import { CHECK_METHODS, type CheckFinding, type CheckMethod, plusDays, shanghaiDate } from '@haochaping/rules'
import type { Official } from '../modules/identity/official.ts'
import { evidenceFile } from './evidence.ts'
import type { Stage } from './stage.ts'
import { CHECK_WORDS as SAY } from './words.officials.ts'
import { atMinute, workingDayFrom } from './worktime.ts'

const METHODS = Object.keys(CHECK_METHODS) as CheckMethod[]
/** Cases of a round. */
const SIZE = 12
/** Working days after which every other round begins; and how far the last three come, by working days before the end. */
const EVERY = 16
const LAST = [
  { ago: 8, upTo: 'closed' },
  { ago: 4, upTo: 'half' },
  { ago: 1, upTo: 'planned' },
] as const

interface Round {
  day: string
  method: CheckMethod
  by: 'city' | 'district'
  upTo: 'planned' | 'half' | 'closed'
}

/** The rounds of spot checks between two days: each of the four kinds in turn, every fourth one of a district. */
function roundsBetween({ calendar, until }: Pick<Stage, 'calendar' | 'until'>, first: string): Round[] {
  const today = shanghaiDate(until)
  const kind = (n: number) => METHODS[n % METHODS.length]!
  const last = LAST.map(({ ago, upTo }, n) => ({
    day: workingDayFrom(calendar, today, -ago),
    method: kind(n),
    by: upTo === 'half' ? ('district' as const) : ('city' as const),
    upTo,
  }))
  const rounds: Round[] = []
  const end = workingDayFrom(calendar, today, -LAST[0].ago - 1)
  for (let day = workingDayFrom(calendar, first, EVERY), n = 0; day < end; n++) {
    rounds.push({ day, method: kind(n), by: n % 4 === 3 ? 'district' : 'city', upTo: 'closed' })
    day = workingDayFrom(calendar, day, EVERY)
  }
  return [...rounds, ...last].filter(({ day }) => day >= first)
}

/**
 * Plays spot checks of closed cases (R18, Q71): drawn by the city, picked by a district. `reopened` hears of each case
 * that begins again.
 */
export function makeInspections(stage: Stage, reopened: (evaluationId: string, at: Date) => void) {
  const { services, officials, calendar, later, tried } = stage
  const { checks, findings } = services.supervision
  const random = stage.random.fork(5)

  const drawnFinding = () =>
    random.weighted<CheckFinding>([
      [80, 'none'],
      [9, 'unresolved'],
      [6, 'false_report'],
      [5, 'concealed'],
    ])

  /** Begins a round; gives its id, or null where there is nothing to pick from. */
  async function begin(official: Official, { day, method, by }: Round): Promise<string | null> {
    const title = SAY.title[method]
    if (by === 'district') {
      const { items } = await services.rectification.list(official, { closed: true }, 1, 6)
      if (items.length === 0) return null
      return checks.pick(official, { title, method, caseNumbers: items.map((one) => one.caseNumber) })
    }
    const filter = { from: plusDays(day, -45), to: day }
    return checks.plan(official, { title, method, filter, size: SIZE })
  }

  async function record(official: Official, checkId: string, id: string, version: number, at: Date) {
    const finding = drawnFinding()
    await tried('finding', async () => {
      const proof = { ...evidenceFile(id), name: '现场照片（示例）.png' }
      const evidence = finding === 'none' ? [] : [(await findings.attach(official, id, proof)).fileId]
      const given = { version, finding, note: SAY.note[finding], evidence }
      if ((await findings.record(official, checkId, id, given)).reopened) reopened(id, at)
    })
  }

  async function inspect(official: Official, checkId: string, { day, upTo }: Round) {
    const { items } = await checks.detail(official, checkId)
    const seen = upTo === 'half' ? items.slice(0, Math.ceil(items.length / 2)) : items
    for (const [i, { id, version }] of seen.entries()) {
      const at = atMinute(workingDayFrom(calendar, day, 1 + Math.floor(i / 3)), 560 + 40 * (i % 3))
      const assigned = i % 3 === 0
      if (assigned) await findings.assign(official, checkId, id, { version, inspectorId: official.accountId })
      later(at, () => record(official, checkId, id, version + (assigned ? 1 : 0), at))
    }
    if (upTo === 'half') return
    later(atMinute(workingDayFrom(calendar, day, 7), 620), async () => {
      const { version } = await checks.detail(official, checkId)
      await tried('check close', () => checks.close(official, checkId, { version, summary: SAY.summary }))
    })
  }

  return {
    /** Enters all rounds from a day on. */
    plan(first: string): void {
      for (const round of roundsBetween(stage, first))
        later(atMinute(round.day, 545), () =>
          tried('check', async () => {
            const official = round.by === 'city' ? await officials.city() : await officials.district(DISTRICT)
            const checkId = await begin(official, round)
            if (checkId === null || round.upTo === 'planned') return
            if (round.by === 'city') await checks.draw(official, checkId, 1)
            await inspect(official, checkId, round)
          }).then(() => undefined),
        )
    },
  }
}

/** The district of the demo's handler. */
const DISTRICT = '220102'
