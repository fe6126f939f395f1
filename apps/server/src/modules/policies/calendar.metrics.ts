import { Gauge, type Registry } from 'prom-client'
import type { CalendarService } from './calendar.service.ts'

/** For whoever watches the machine: years without holidays that deadlines need. */
export function registerCalendarMetrics(
  registry: Registry,
  calendar: Pick<CalendarService, 'missing'>,
): void {
  new Gauge({
    name: 'haochaping_calendar_missing_year',
    help: 'Years whose holidays deadlines need and nobody has loaded; the value is how many running deadlines and promises wait.',
    labelNames: ['year', 'why'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { year, why, cases, appeals, orders, commitments } of await calendar.missing())
        this.set({ year, why }, cases + appeals + orders + commitments)
    },
  })
}
