import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { PrintOrder } from './pdf.ts'

// Runs in a thread of its own: laying out Chinese takes a second, in which nobody's rating should have to wait.

const require = createRequire(import.meta.url)
const pdfmake: typeof import('pdfmake') = require('pdfmake')
const face = (name: string) => require.resolve(`@expo-google-fonts/noto-sans-sc/${name}.ttf`)
const normal = face('400Regular/NotoSansSC_400Regular')
const bold = face('700Bold/NotoSansSC_700Bold')

pdfmake.addFonts({ Sans: { normal, bold } })
pdfmake.setLocalAccessPolicy((path) => path === normal || path === bold)
pdfmake.setUrlAccessPolicy(() => false)

pdfmake.addTableLayouts({
  // a thin line between rows, none around them
  rows: {
    hLineWidth: (line, { table }) => (line === 0 || line === table.body.length ? 0 : 0.5),
    vLineWidth: () => 0,
    hLineColor: () => '#bbbbbb',
    paddingLeft: (column) => (column === 0 ? 0 : 6),
    paddingTop: () => 2.5,
    paddingBottom: () => 2.5,
  },
})

const MM = 72 / 25.4

const print = ({ title, foot, content, printedAt }: PrintOrder): Promise<Buffer> =>
  pdfmake
    .createPdf({
      info: { title, creationDate: printedAt },
      language: 'zh-CN',
      pageSize: 'A4',
      pageMargins: [20 * MM, 18 * MM, 15 * MM, 20 * MM],
      defaultStyle: { font: 'Sans', fontSize: 9.5, lineHeight: 1.25 },
      styles: {
        title: { fontSize: 17, bold: true, alignment: 'center', margin: [0, 0, 0, 4] },
        section: { fontSize: 12, bold: true, margin: [0, 14, 0, 5] },
        part: { bold: true, margin: [0, 8, 0, 2] },
        quiet: { fontSize: 8, color: '#444444' },
        hash: { fontSize: 7, color: '#444444' },
      },
      content,
      // A heading does not stand alone at the foot of a page.
      pageBreakBefore: (node, nodes) =>
        node.headlineLevel === 1 && nodes.getFollowingNodesOnPage().length === 0,
      footer: (page, pages) => ({
        margin: [20 * MM, 6 * MM, 15 * MM, 0],
        style: 'quiet',
        columns: [
          { text: foot, width: '*' },
          { text: `第 ${page} 页，共 ${pages} 页`, width: 'auto' },
        ],
      }),
    })
    .getBuffer()

// An order that cannot be printed ends the thread, which its giver hears of; the next one gets another.
parentPort?.on('message', async (order: PrintOrder) => parentPort?.postMessage(await print(order)))
