/**
 * Checks in the browser that the public log holds this rating as it was given: loaded only when asked for. Needs
 * BigInt (Chrome 67); the loader in rate.ts says so where it is missing.
 */
import {
  encodeEntry,
  fromBase64,
  type JsonValue,
  leafHash,
  parseCheckpoint,
  sameBytes,
  sm2VerifySignature,
  sm3,
  verifyInclusion,
} from '@haochaping/ledger'

/** Answer of GET /api/v1/receipts/:token/proof. */
interface Proof {
  sealed?: false
  entry: {
    subjectId: string
    entryId: string
    kind: string
    recordedAt: string
    actor: string
    payload: { [key: string]: JsonValue }
  }
  position: number
  leafHash: string
  proof: string[]
  checkpoint: { body: string; signature: string; publicKey: string }
}

/** What the page says the rating was. */
export interface Shown {
  receiptNumber: string
  level: number
  hallLevel: number | null
}

/** One step of the check, in words, and whether it holds. */
export interface Step {
  good: boolean
  text: string
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
const bytesOfHex = (text: string) =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** All steps of the check, in order; the rating is proven when every one is good. Throws when it cannot be read. */
export function checkProof(given: Proof, shown: Shown): Step[] {
  const { entry, checkpoint } = given
  const leaf = leafHash(sm3, encodeEntry({ ...entry, recordedAt: BigInt(entry.recordedAt) }))
  const { payload } = entry
  const same =
    entry.kind === 'evaluation.submitted' &&
    payload.receiptNumber === shown.receiptNumber &&
    payload.level === shown.level &&
    (payload.hallLevel ?? null) === shown.hallLevel
  const { size, root, timestamp } = parseCheckpoint(checkpoint.body)
  const proof = given.proof.map(fromBase64)
  const message = new TextEncoder().encode(checkpoint.body)
  const time = new Date(timestamp).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' })
  return [
    step(same, '账本记录里的回执编号和等级与本页一致', '账本记录与本页显示的评价不一致'),
    step(
      sameBytes(leaf, fromBase64(given.leafHash)),
      `记录的指纹（SM3）算得 ${hex(leaf).slice(0, 16)}……，与账本所存相同`,
      '记录的指纹与账本所存不同，内容可能被改动',
    ),
    step(
      verifyInclusion(sm3, proof, given.position, size, leaf, root),
      `沿 ${proof.length} 步证明路径，算出的总指纹与账本（共 ${size} 条）一致，它确实是第 ${given.position + 1} 条`,
      '算出的总指纹与账本不一致，这条记录不在账本里',
    ),
    step(
      sm2VerifySignature(checkpoint.publicKey, message, fromBase64(checkpoint.signature)),
      `账本总指纹有国密 SM2 签名，签于 ${time}，签名有效；公钥指纹 ${hex(sm3(bytesOfHex(checkpoint.publicKey))).slice(0, 16)}，应与“公开账本”页上的公钥编号相同`,
      '账本总指纹的签名无效',
    ),
  ]
}

const step = (good: boolean, yes: string, no: string): Step => ({ good, text: good ? yes : no })

async function run(block: HTMLElement): Promise<void> {
  const list = block.querySelector('[data-verify-steps]')
  const button = block.querySelector('[data-verify-start]')
  if (!list || !button) return
  list.textContent = ''
  const say = (mark: string, text: string, kind = '') => {
    const line = document.createElement('li')
    line.textContent = `${mark} ${text}`
    line.className = kind
    list.appendChild(line)
  }
  try {
    const token = block.getAttribute('data-verify') ?? ''
    const response = await fetch(`/api/v1/receipts/${token}/proof`, { cache: 'no-store' })
    const given = (await response.json()) as Proof
    if (response.status === 202 || given.sealed === false) say('…', '还没有写入账本，请稍后再试')
    else if (!response.ok) say('✗', '没有取到证明文件，请稍后再试', 'error')
    else {
      const hallLevel = block.getAttribute('data-hall-level')
      const steps = checkProof(given, {
        receiptNumber: block.getAttribute('data-receipt') ?? '',
        level: Number(block.getAttribute('data-level')),
        hallLevel: hallLevel ? Number(hallLevel) : null,
      })
      for (const { good, text } of steps) say(good ? '✓' : '✗', text, good ? '' : 'error')
      if (steps.every(({ good }) => good))
        say('✓', '核验通过：这张回执的编号和评价等级原样在公开账本里', 'result')
      else say('✗', '核验没有通过。请截图保存本页，并拨打 12345 反映', 'error')
    }
  } catch {
    say('✗', '证明文件读不懂，核验没有完成。请稍后再试', 'error')
  }
  button.removeAttribute('aria-disabled')
  button.textContent = '再核验一次'
}

if (typeof document !== 'undefined') {
  const block = document.querySelector<HTMLElement>('[data-verify]')
  const button = block?.querySelector('[data-verify-start]')
  if (block && button) {
    // From now on the button runs the check itself; the loader has done its part.
    button.addEventListener('click', () => void run(block))
    void run(block)
  }
}
