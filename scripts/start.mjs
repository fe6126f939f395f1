import { install, node, run } from './run.mjs'

install()
console.log('构建 / building')
const built = await run(node(), ['scripts/build.mjs'])
if (built !== 0) process.exit(built)
process.exit(
  await run(node(), ['--enable-source-maps', 'apps/server/dist/main.js', 'start', ...process.argv.slice(2)]),
)
