/**
 * Keeps the hall tablet's page current without a flicker: asks every five seconds, and shows what changed. When the
 * network is down it says so and goes on asking.
 */
const EVERY = 5000

const keyOf = (root: ParentNode) => root.querySelector('[data-key]')?.getAttribute('data-key')

async function refresh(): Promise<void> {
  const network = document.querySelector('[data-network]')
  try {
    const response = await fetch(location.href, { cache: 'no-store', headers: { accept: 'text/html' } })
    if (!response.ok) throw new Error(String(response.status))
    const next = new DOMParser().parseFromString(await response.text(), 'text/html')
    const [mine, theirs] = [document.querySelector('[data-hall]'), next.querySelector('[data-hall]')]
    if (mine && theirs && keyOf(document) !== keyOf(next)) mine.innerHTML = theirs.innerHTML
    else if (network) network.textContent = ''
  } catch {
    if (network) network.textContent = '网络中断，正在重新连接……'
  }
  setTimeout(refresh, EVERY)
}

setTimeout(refresh, EVERY)

export {}
