import type { Clock, WorkCalendar } from '@haochaping/rules'
import type { Kysely } from 'kysely'
import type { ClockReach } from '../../platform/clock-reach.ts'
import type { Tables } from '../../platform/tables.ts'

/** What has a deadline that the calendar makes. */
export type DeadlineKind = 'case' | 'appeal' | 'order'

/** A deadline that runs, as the room says it that keeps it. */
export interface RunningDeadline {
  kind: DeadlineKind
  evaluationId: string
  /** what it is called: the case's number, which appeal */
  name: string
  organizationId: string
  clock: Clock
}

/** What of the calendar is another than before: years that became known, days of known years (first and last). */
export interface Reach {
  years: readonly number[]
  days: { first: string; last: string } | null
  /** the halls whose opening days they are; null: they are everybody's */
  halls: readonly string[] | null
}

/** How many deadlines wait for a year whose holidays are not known, by what they are of. */
export interface YearNeeds {
  cases: number
  appeals: number
  orders: number
  /** promises whose day lies in it: the day stays, but it may turn out to be a holiday */
  commitments: number
}

/** The running deadlines of one room, to be read. */
export interface DeadlineBook {
  /**
   * those a change of the calendar may reach, and perhaps others; in batches
   * @param db the transaction that the change is made in
   */
  running(reach: Reach, db: Kysely<Tables>): AsyncIterable<RunningDeadline[]>
  needs(): Promise<{ year: number; of: keyof YearNeeds; count: number }[]>
}

/** Moves the running deadlines of one room to where a corrected calendar has them (correctClock). */
export type DeadlineMover = (
  reach: Reach,
  calendar: WorkCalendar,
) => Promise<{ moved: number; failed: number }>

/** The moments of some days, as clocks write them; null for none. */
export const momentsOf = (days: Reach['days']): ClockReach['moments'] =>
  days && {
    from: new Date(`${days.first}T00:00:00.000+08:00`).toISOString(),
    to: new Date(`${days.last}T23:59:59.999+08:00`).toISOString(),
  }

/** The same for rows whose clocks go by the common calendar alone; null where only halls have other days. */
export const commonReach = ({ years, days, halls }: Reach): ClockReach | null =>
  halls === null ? { years, moments: momentsOf(days) } : null
