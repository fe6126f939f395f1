import { rebuild } from '../modules/ledger/consumers.ts'
import { withInstallation } from './installation.ts'
import { progress, say, sayAside } from './terminal.ts'

/** `haochaping rebuild <consumer>`: makes anew, from the first entry of the ledger, what a consumer derived from it. */
export const runRebuild = (name: string): Promise<number> =>
  withInstallation({ say: sayAside }, async ({ app, services }) => {
    const able = services.consumers.filter((consumer) => consumer.reset)
    const consumer = able.find((one) => one.name === name)
    if (!consumer) {
      const names = able.map((one) => one.name).join('、')
      sayAside(`没有可重建的“${name}”，可以重建：${names || '无'} / nothing of that name to rebuild`)
      return 2
    }
    const size = (await services.ledger.latest())?.size ?? 0
    const show = progress(`重建 ${name} / rebuilding`)
    const count = await rebuild(app, consumer, (done) => show(done, Math.max(size, done)))
    say(`已重建 ${name}:${count} 条 / rebuilt from ${count} entries`)
    return 0
  })
