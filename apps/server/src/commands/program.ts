import { Command, InvalidArgumentError, Option } from 'commander'
import { ENTITY_NAMES } from '../modules/catalog/catalog.columns.ts'
import { ROLES } from '../modules/identity/permissions.ts'
import { type AccountOptions, runAccountCreate } from './account.ts'
import { runDemo } from './demo.ts'
import { runFilesBring, runFilesReseal } from './files.ts'
import { type ImportArgs, runImport } from './import.ts'
import { withInstallation } from './installation.ts'
import { runKeysGenerate } from './keys.ts'
import { runLedgerVerify } from './ledger-verify.ts'
import { runMigrate } from './migrate.ts'
import { runPartnerCreate } from './partner.ts'
import { runRebuild } from './rebuild.ts'
import { runRole } from './serve.ts'
import { runSettings } from './settings.ts'
import { runStart } from './start.ts'
import { say, sayAside } from './terminal.ts'

const count = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

/** The command line. `finish` is told the exit code of the command that ran. */
export function makeProgram(finish: (code: number) => void): Command {
  const program = new Command('haochaping')
    .description('政务服务“好差评” / people rate government services, and the ratings count')
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\n不带命令时等于 start / without a command: start\n设置说明 / settings: haochaping help settings',
    )
  program.helpCommand(false)

  program
    .command('start')
    .description('升级数据库，演示模式下装入数据，然后运行全部 / migrate, fill a demo, serve and work')
    .action(async () => finish(await runStart()))
  program
    .command('serve')
    .description('只提供网页和接口 / answer over HTTP only')
    .action(async () => finish(await runRole({ serve: true, work: false })))
  program
    .command('work')
    .description('只做后台工作：入账、统计、期限 / background work only')
    .action(async () => finish(await runRole({ serve: false, work: true })))

  const db = program.command('db').description('数据库 / the database')
  db.command('migrate')
    .description('升级数据库结构 / bring the database up to date')
    .action(async () => finish(await runMigrate()))

  program
    .command('import')
    .description('导入目录数据，一行有误则全部不导入 / take in directory files, all or nothing')
    .argument('<what>', `city 或 / or: ${ENTITY_NAMES.join(', ')}`)
    .argument('<path>', 'csv、xlsx 文件，city 时为文件夹 / a file; for city a folder such as data/changchun')
    .option('--dry-run', '只检查，不写入 / check only')
    .addOption(
      new Option(
        '--running <what>',
        '更正已录入的放假安排时，办理中的期限顺延或不变 / told deadlines',
      ).choices(['prolong', 'keep']),
    )
    .option('--note <reason>', '不顺延的理由 / why they are kept')
    .addHelpText('after', '\n退出码 / exit code: 0 全部导入 taken, 1 有误 refused, 2 命令有误 wrong command')
    .action(async (target: string, path: string, options: Omit<ImportArgs, 'target' | 'path'>) =>
      finish(
        await withInstallation({ say: sayAside, migrate: true }, (installation) =>
          runImport(installation, { target, path, ...options }, say),
        ),
      ),
    )

  program
    .command('demo')
    .description('在新的演示数据库中生成数据 / fill a new demo database')
    .option('--days <n>', '天数 / how many days up to now', count, 30)
    .option('--ratings <n>', '大约多少条评价 / about how many ratings', count, 2_500)
    .action(async (options: { days: number; ratings: number }) => finish(await runDemo(options)))

  const ledger = program.command('ledger').description('账本 / the ledger')
  ledger
    .command('verify')
    .description('从每条记录重新计算并核对账本 / recompute everything from the rows')
    .addHelpText(
      'after',
      '\n退出码 / exit code: 0 无误 all fits, 1 发现不符 something was changed (the first is named)',
    )
    .option(
      '--checkpoint <file>',
      '以前存在系统之外的检查点（/api/v1/ledger/checkpoint 的回答） / a checkpoint kept outside earlier',
    )
    .option('--files', '也逐个打开佐证文件核对 / open every stored file as well')
    .action(async (options: { checkpoint?: string; files?: boolean }) =>
      finish(await runLedgerVerify(options)),
    )

  program
    .command('rebuild')
    .description('从账本第一条起重做统计等派生数据 / make derived data anew from the ledger')
    .argument('<consumer>', '例如 / for instance: statistics')
    .action(async (name: string) => finish(await runRebuild(name)))

  const files = program.command('files').description('佐证文件 / evidence files')
  files
    .command('reseal')
    .description(
      '换密钥后，把旧密钥封存的文件重新封存 / seal anew what another key sealed; may be broken off',
    )
    .action(async () => finish(await runFilesReseal()))
  files
    .command('bring')
    .description(
      '把数据文件夹中的文件搬进现在的存储 / copy the data folder’s files into the storage used now',
    )
    .action(async () => finish(await runFilesBring()))

  const keys = program.command('keys').description('密钥 / secrets')
  keys
    .command('generate')
    .description('生成密钥文件，从不覆盖 / make a keys file; never overwrites')
    .argument('<file>')
    .addOption(new Option('--kind <kind>').choices(['production', 'demo']).default('production'))
    .action((file: string, { kind }: { kind: 'production' | 'demo' }) => finish(runKeysGenerate(file, kind)))

  const partner = program.command('partner').description('接入的业务系统 / business systems')
  partner
    .command('create')
    .description('建立接入密钥，只显示一次 / make a key for a business system; its secret is shown once')
    .argument('<keyId>', '密钥编号 / id of the key')
    .argument('<source>', '来源，办件编号在其中唯一 / the system that affair numbers belong to')
    .argument('<name>', '系统名称 / its name')
    .action(async (keyId: string, source: string, name: string) =>
      finish(await runPartnerCreate(keyId, source, name)),
    )

  const account = program.command('account').description('工作人员账号 / officials’ accounts')
  account
    .command('create')
    .description(
      '建立账号；密码从终端或标准输入读取 / open an account; the password is asked for or read from STDIN',
    )
    .argument('<username>')
    .requiredOption('--name <name>', '姓名 / display name')
    .addOption(new Option('--role <role>', '角色 / role').choices(Object.keys(ROLES)).makeOptionMandatory())
    .requiredOption('--organization <id>', '机构编号，如 ccs / organisation id')
    .option('--staff-number <number>', '工号，窗口人员必填 / for window staff')
    .action(async (username: string, options: AccountOptions) =>
      finish(await runAccountCreate(username, options)),
    )

  program
    .command('help')
    .description('命令或设置的说明 / help about a command, or about settings')
    .argument('[topic]', '命令名，或 settings')
    .action((topic?: string) => {
      if (topic === 'settings') return finish(runSettings())
      const about = program.commands.find((command) => command.name() === topic) ?? program
      if (topic && about === program) program.error(`error: no such topic '${topic}'`)
      about.outputHelp()
      finish(0)
    })
  return program
}
