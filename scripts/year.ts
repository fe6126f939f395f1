// node scripts/year.ts [--days 365] [--ratings 200000] [--checked FOLDER]: plays a simulated year in a new folder and
// checks it against its journal; with --checked only checks the year in a folder that was kept. Exit code 1 when the
// check finds something. The folder is kept, so that what was found can be looked at.
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runDemo } from '../apps/server/src/commands/demo.ts'
import { withInstallation } from '../apps/server/src/commands/installation.ts'
import { checkYear, openYear } from '../tests/faults/year.check.ts'

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '365' },
    ratings: { type: 'string', default: '200000' },
    checked: { type: 'string' },
  },
})
const say = (line: string) => console.log(line)
const minutes = (since: number) => `${((Date.now() - since) / 60_000).toFixed(1)} min`

const folder = values.checked ?? mkdtempSync(join(tmpdir(), 'haochaping-year-'))
process.env.HAOCHAPING_DATA_DIR = folder
say(`folder: ${folder}`)

if (values.checked === undefined) {
  chmodSync(folder, 0o755)
  const began = Date.now()
  const code = await runDemo({ days: Number(values.days), ratings: Number(values.ratings) })
  if (code !== 0) process.exit(code)
  const memory = Math.round(process.resourceUsage().maxRSS / 1024)
  say(`played in ${minutes(began)}, at most ${memory} MB of memory`)
}

const findings = await withInstallation({ say, looking: true }, async ({ app, ownerUrl }) => {
  const { year, query, close } = await openYear(app, ownerUrl)
  try {
    for (const { kind, n } of await query<{ kind: string; n: number }>(
      'select kind, count(*)::int as n from journal_entry group by kind order by kind',
    ))
      say(`  ${String(n).padStart(8)}  ${kind}`)
    return await checkYear(year, {
      told: (part, seconds, found) => say(`checked: ${part}, ${seconds.toFixed(1)} s, ${found} findings`),
    })
  } finally {
    await close()
  }
})
for (const { where, what } of findings) say(`${where}: ${what}`)
say(findings.length === 0 ? 'the year adds up' : `${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
