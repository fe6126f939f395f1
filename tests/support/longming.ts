import { hash } from '@node-rs/argon2'
import type pg from 'pg'
import { csvFile, loadLongming, system } from '../../apps/server/src/modules/catalog/longming.fixture.ts'
import type { Role } from '../../apps/server/src/modules/identity/permissions.ts'
import { onServer, openApp, type TestApp, testApp } from './app.ts'

// 长明市 with two districts that mirror each other: whatever exists in 东湖 (dh) exists in 西岭 (xl) under the same
// name with the other prefix, so that "own" and "other" differ in nothing but the place.

/** One district of the city as tests address it. */
export const district = (short: 'dh' | 'xl') => ({
  region: short === 'dh' ? '990101000000' : '990102000000',
  organization: `lm-${short}`,
  department: `lm-${short}-gaj`,
  departmentName: short === 'dh' ? '东湖区公安局' : '西岭区公安局',
  hall: `${short}-hall`,
  window: `${short}-w1`,
  staff: `${short}-s1`,
  /** a second person at the same window */
  colleague: `${short}-s2`,
  item: `${short}-idcard`,
})
export const DONGHU = district('dh')
export const XILING = district('xl')
export type District = typeof DONGHU

const both = (line: (d: District) => string) => [DONGHU, XILING].map(line).join('\n')

const FILES = [
  csvFile(
    'organizations',
    `id,parent_id,name,short_name,kind,region_code,is_management_body
lm-xl-zsj,lm-xl,西岭区政务服务局,西岭政务局,department,990102000000,是
lm-xl-gaj,lm-xl,西岭区公安局,西岭公安,department,990102000000,否`,
  ),
  csvFile(
    'halls',
    `code,name,organization_id,region_code\n${both((d) => `${d.hall},${d.organization}大厅,${d.organization},${d.region}`)}`,
  ),
  csvFile(
    'windows',
    `code,hall_code,name,organization_id\n${both((d) => `${d.window},${d.hall},户政 1 号窗口,${d.department}`)}`,
  ),
  csvFile('platforms', 'code,name,kind,organization_id\nlm-web,长明政务服务网,web,lm'),
  csvFile(
    'staff',
    `number,display_name,organization_id,window_code\n${both(
      (d) => `${d.staff},李明,${d.department},${d.window}\n${d.colleague},王芳,${d.department},${d.window}`,
    )}`,
  ),
  csvFile(
    'items',
    `code,name,kind,organization_id,level\n${both((d) => `${d.item},身份证补领,公共服务,${d.department},区级`)}`,
  ),
]

interface Place {
  role: Role
  organizationId: string
  staffNumber?: string
}
const inDistrict = ({ organization, department, staff }: District) =>
  ({
    district: { role: 'district_authority', organizationId: organization },
    head: { role: 'organization_head', organizationId: department },
    handler: { role: 'handler', organizationId: department },
    window: { role: 'window_staff', organizationId: department, staffNumber: staff },
    auditor: { role: 'auditor', organizationId: organization },
    admin: { role: 'system_administrator', organizationId: organization },
  }) as const satisfies Record<string, Place>

type Post = keyof ReturnType<typeof inDistrict>
export type Username = 'city' | 'city-auditor' | 'city-admin' | `${Post}-dh` | `${Post}-xl`

const named = (short: 'dh' | 'xl') =>
  Object.entries(inDistrict(district(short))).map(([post, place]) => [`${post}-${short}`, place])

/** Who works in the city: every role in each district, and those of the whole city. */
export const OFFICIALS: Record<Username, Place> = {
  city: { role: 'city_authority', organizationId: 'lm' },
  'city-auditor': { role: 'auditor', organizationId: 'lm' },
  'city-admin': { role: 'system_administrator', organizationId: 'lm' },
  ...Object.fromEntries([...named('dh'), ...named('xl')]),
}

/** Password of all officials of the city. */
export const PASSWORD = 'Longming-2026'

/** The whole system with 长明市 in it and its officials' accounts. */
export async function testCity(env: Record<string, string> = {}): Promise<TestApp> {
  await onServer(makeTemplate)
  return testApp({ ...CITY, ...env }, TEMPLATE)
}

const CITY = { HAOCHAPING_CITY_REGION: '990100000000' }
const TEMPLATE = 'template_longming'

/** Makes the database every test of the city is cloned from, unless a test before or beside this one has. */
async function makeTemplate(admin: pg.Client): Promise<void> {
  await admin.query("select pg_advisory_lock(hashtext('template_longming'))")
  const made = await admin.query('select 1 from pg_database where datname = $1', [TEMPLATE])
  if (made.rowCount) return
  const making = `${TEMPLATE}_in_the_making`
  await admin.query(`drop database if exists ${making} with (force)`)
  await admin.query(`create database ${making} template template_haochaping strategy file_copy`)
  const t = await openApp(making, CITY)
  await loadLongming(t.services.catalog)
  await t.services.catalog.importAll(FILES, system)
  for (const [username, place] of Object.entries(OFFICIALS))
    await t.services.identity.createAccount('system', {
      username,
      displayName: username,
      password: PASSWORD,
      demo: true,
      ...place,
    })
  // The tests sign in a thousand times: what is kept of their password is quick to compare, as no real one may be.
  const quick = await hash(PASSWORD, { algorithm: 2, memoryCost: 8, timeCost: 1, parallelism: 1 })
  await t.asOwner('update account set password_hash = $1', [quick])
  await t.close()
  await admin.query(`alter database ${making} rename to ${TEMPLATE}`)
}
