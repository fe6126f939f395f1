import { describe, expect, it } from 'vitest'
import { makeCalendar } from './calendar.ts'
import { nextWarning } from './clock-warnings.ts'
import { type Clock, fireAlarm, pauseClock, startClock, stopClock } from './clocks.ts'

const CALENDAR = makeCalendar([], [2026])
const at = (text: string) => new Date(`${text}:00+08:00`)
const clock = startClock(
  {
    ...{ key: 'order_answer', label: '督办件答复时限', value: 3, unit: 'working_day', version: 1 },
    ...{ regionCode: '220100000000', source: '系统初始值' },
  },
  at('2026-11-24T10:00'),
  CALENDAR,
)
/** Every warning of a clock with its moment, each given when it is due. */
function all(from: Clock) {
  const given: [number, string][] = []
  let running = from
  for (let next = nextWarning(running, CALENDAR); next; next = nextWarning(running, CALENDAR)) {
    given.push([next.mark, new Date(next.at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16)])
    running = fireAlarm(running, next.mark, next.at)
  }
  return given
}

describe('R18: warnings of an order or an appeal', () => {
  it('come at 50 %, 80 % and 100 % of the working hours, each once, and go no further', () => {
    expect(all(clock)).toEqual([
      [50, '2026-11-26T13:00'],
      [80, '2026-11-27T12:12'],
      [100, '2026-11-30T09:00'],
    ])
  })

  it('do not come once it is answered, nor while it stands still', () => {
    expect(nextWarning(stopClock(clock, at('2026-11-25T10:00')), CALENDAR)).toBeNull()
    expect(nextWarning(pauseClock(clock, at('2026-11-25T10:00'), '等待'), CALENDAR)).toBeNull()
  })
})
