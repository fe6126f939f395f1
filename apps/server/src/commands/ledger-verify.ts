import { readFileSync } from 'node:fs'
import { type Checkpoint, parseCheckpoint } from '@haochaping/ledger'
import { type Verification, verifyLedger } from '../modules/ledger/verify.ts'
import { sm2Verify } from '../platform/crypto/sm2.ts'
import type { Keys } from '../platform/keys.ts'
import { withInstallation } from './installation.ts'
import { progress, say, sayAside } from './terminal.ts'

/**
 * `haochaping ledger verify [--checkpoint FILE] [--files]`: recomputes the log from the rows; 1 when anything does not
 * fit, 2 when the kept checkpoint cannot be used. With `--files` every stored file is opened and held to the digest
 * that the journal has of it. Changes nothing.
 */
export const runLedgerVerify = ({
  checkpoint,
  files = false,
}: {
  checkpoint?: string
  files?: boolean
} = {}): Promise<number> =>
  withInstallation({ say: sayAside, looking: true }, async ({ app, services }) => {
    const kept = checkpoint === undefined ? undefined : keptCheckpoint(checkpoint, app.keys)
    if (kept === null) {
      say(`${checkpoint}: 不是本系统签名的检查点 / not a checkpoint signed by this system`)
      return 2
    }
    const checks = [...services.rowChecks, ...(files ? services.contentChecks : [])]
    const result = await verifyLedger(app, checks, {
      progress: progress('核对账本 / verifying'),
      ...(kept && { kept }),
    })
    return report(result)
  })

/** What `/api/v1/ledger/checkpoint` once answered, read from a file; null when it is not ours. */
function keptCheckpoint(file: string, keys: Keys): Checkpoint | null {
  try {
    const { body, signature } = JSON.parse(readFileSync(file, 'utf8')) as { body: string; signature: string }
    const signed = sm2Verify(keys.signer.publicKeyHex, Buffer.from(body), Buffer.from(signature, 'base64'))
    return signed ? parseCheckpoint(body) : null
  } catch {
    return null
  }
}

function report({ size, entries, evaluations, checkpoints, findings }: Verification): number {
  const counts = `账本 ${size} 条，日志 ${entries} 条，评价 ${evaluations} 条，签名检查点 ${checkpoints} 个`
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
