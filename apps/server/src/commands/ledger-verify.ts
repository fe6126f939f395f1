import { type Verification, verifyLedger } from '../modules/ledger/verify.ts'
import { withInstallation } from './installation.ts'
import { progress, say, sayAside } from './terminal.ts'

/** `haochaping ledger verify`: recomputes the log from the rows; 1 when anything does not fit. Changes nothing. */
export const runLedgerVerify = (): Promise<number> =>
  withInstallation({ say: sayAside, looking: true }, async ({ app, services }) => {
    const result = await verifyLedger(app, services.rowChecks, { progress: progress('核对账本 / verifying') })
    return report(result)
  })

function report({ size, entries, evaluations, checkpoints, findings }: Verification): number {
  const counts = `账本 ${size} 条,日志 ${entries} 条,评价 ${evaluations} 条,签名检查点 ${checkpoints} 个`
  const english = `ledger ${size}, journal ${entries}, evaluations ${evaluations}, checkpoints ${checkpoints}`
  const [first] = findings
  if (!first) {
    say(`核对无误 / all fits:${counts} / ${english}`)
    return 0
  }
  say(`核对发现不符 / does not fit:${first.where}: ${first.what}`)
  for (const finding of findings.slice(1)) say(`  ${finding.where}: ${finding.what}`)
  say(`${counts} / ${english}`)
  return 1
}
