import pg from 'pg'
import type { Official } from '../../apps/server/src/modules/identity/official.ts'
import { permissionsOf, ROLES } from '../../apps/server/src/modules/identity/permissions.ts'
import { verifyLedger } from '../../apps/server/src/modules/ledger/verify.ts'
import type { App } from '../../apps/server/src/platform/context.ts'
import { makeServices, type Services } from '../../apps/server/src/services.ts'
import { casesLost, casesStuck, closedWithoutReply } from './year.cases.ts'
import { alarms, provisional } from './year.clocks.ts'
import { figures } from './year.figures.ts'
import { appealsAndOrders } from './year.oversight.ts'
import { callbackRegister, commitmentRegister } from './year.registers.ts'

/** Something that is not as it must be: in which part of the year, about what, and why. */
export interface Finding {
  where: string
  what: string
}

/** A year that has been played, and whoever reads it: with the owner's power the rows, as the city what it is shown. */
export interface Finished {
  app: App
  services: Services
  /** Reads rows with the owner's power, past every rule of who may see what. */
  rows<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>
  /** an official of the city, who sees all of it */
  city: Official
  /** the moment the year ended */
  now: Date
}

/** What is looked at, in this order; each part gives what it finds. */
const PARTS: Record<string, (year: Finished) => Promise<string[]>> = {
  'cases lost': casesLost,
  'cases stuck': casesStuck,
  'closed without a reply': closedWithoutReply,
  alarms,
  'provisional deadlines': provisional,
  'appeals and orders': appealsAndOrders,
  'register of commitments': commitmentRegister,
  'register of call-backs': callbackRegister,
  figures,
  ledger: async ({ app, services }) => {
    const { findings } = await verifyLedger(app, services.rowChecks)
    return findings.map(({ where, what }) => `${where}: ${what}`)
  },
}

/** Says how far a check has come: the part, its seconds, and how much it found. */
export type Told = (part: string, seconds: number, found: number) => void

/**
 * Checks a finished year against its journal: no case is lost or stuck, every clock gave each of its alarms once, the
 * registers and figures add up to the journal, the ledger fits. Gives what it finds; nothing when all is well.
 * `only` names the parts to look at.
 */
export async function checkYear(
  year: Finished,
  { told = () => {}, only }: { told?: Told; only?: readonly string[] } = {},
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [where, look] of Object.entries(PARTS)) {
    if (only && !only.includes(where)) continue
    const began = Date.now()
    const found = await look(year)
    findings.push(...found.map((what) => ({ where, what })))
    told(where, (Date.now() - began) / 1000, found.length)
  }
  return findings
}

/**
 * Opens a finished year for checking: everything is asked as of the moment its last entry was written.
 * @param ownerUrl connection string of the database's owner
 */
export async function openYear(app: App, ownerUrl: string) {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  const rows = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    (await owner.query<T>(sql, values)).rows
  const [last] = await rows<{ at: Date | null }>('select max(recorded_at) as at from journal_entry')
  const now = last?.at ?? app.clock()
  const then: App = { ...app, clock: () => now }
  const services = makeServices(then)
  const root = [...(await services.catalog.organizations()).values()].find((one) => one.parentId === null)
  if (!root) throw new Error('the database has no directory: no year was played in it')
  const city: Official = {
    accountId: '00000000-0000-0000-0000-000000000000',
    username: 'year',
    displayName: 'year',
    role: 'city_authority',
    roleLabel: ROLES.city_authority.label,
    organizationId: root.id,
    organizationName: root.name,
    organizationPath: root.path,
    staffNumber: undefined,
    permissions: permissionsOf('city_authority'),
    mustChangePassword: false,
  }
  const year: Finished = { app: then, services, rows, city, now }
  return { year, query: rows, close: () => owner.end() }
}
