import type { DemoServices } from '../pages/services.ts'
import type { App } from '../platform/context.ts'
import { notFound } from '../platform/problem.ts'
import type { Services } from '../services.ts'
import { DEMO_ORGANIZATION, DEMO_PASSWORD, DEMO_WINDOW, MAIN_ACCOUNTS } from './accounts.ts'
import { demoItem } from './places.ts'
import { makeRandom } from './random.ts'
import { DEMO_SOURCE, plannedVisit } from './visits.ts'

/** Windows whose tablets the demo page leads to. */
const TABLETS = ['NG-B01', 'NG-A01', 'CC-A01', 'CY-A01']

/** What the demo page offers: a visit just finished, accounts, tablets. Null outside demo mode. */
export async function makeDemoServices(app: App, services: Services): Promise<DemoServices | undefined> {
  if (app.config.mode !== 'demo') return undefined
  const { catalog, identity, affairs } = services
  const random = makeRandom(app.clock().getTime())
  const windows: DemoServices['windows'] = []
  for (const code of TABLETS) {
    const window = await catalog.window(code)
    const hall = window && (await catalog.hall(window.hallCode))
    if (hall) windows.push({ hallCode: hall.code, windowCode: code, label: `${hall.name} · ${window.name}` })
  }
  const accounts = await identity.demoAccounts()
  const shown = MAIN_ACCOUNTS.flatMap(({ username }) => accounts.find((a) => a.username === username) ?? [])
  // There is one for each body that has cases: a hundred lines nobody would read.
  const others = [
    { username: 'jingban-〈机构编号〉', displayName: '其他单位的经办人', roleLabel: '经办人' },
    {
      username: 'zhuguan-〈机构编号〉',
      displayName: '其他县（市）区的主管',
      roleLabel: '县（市）区主管部门',
    },
  ]
  return {
    windows,
    accounts: [...shown, ...(shown.length > 0 ? others : [])].map((account) => ({
      ...account,
      password: DEMO_PASSWORD,
    })),
    async newVisit() {
      const { items } = await catalog.items({ organization: DEMO_ORGANIZATION, pageSize: 100 })
      if (items.length === 0)
        throw notFound('demo-data-missing', '这里没有演示用的城市数据，请先运行 haochaping demo。')
      const visit = plannedVisit(
        random,
        {
          windowCode: DEMO_WINDOW.windowCode,
          organizationId: DEMO_ORGANIZATION,
          staff: [DEMO_WINDOW.staffNumber],
          items: items.map(demoItem),
          saturday: false,
          weight: 1,
          negative: 0,
        },
        app.clock(),
        random.below(1_000_000),
      )
      const [answer] = await affairs.report({ source: DEMO_SOURCE }, [
        { ...visit.report, affairNumber: `YS-${random.uuid()}`, stage: '办结' },
      ])
      if (!answer || answer.status === 'refused') throw new Error('the demo visit was refused')
      return { token: answer.token }
    },
  }
}
