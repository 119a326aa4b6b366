import { Command, InvalidArgumentError, Option } from 'commander'
import { AccessScope } from '#contract/access.ts'
import { ExportQuery } from '#contract/api.ts'
import { CallSort } from '#contract/call.ts'
import { ConfigError, readConfig } from '../config.ts'
import { runDemoLoad, runDemoRemove } from './demo-commands.ts'
import { runDoctor } from './doctor.ts'
import { type ExportOptions, runExport } from './export-calls.ts'
import { runImport } from './import-calls.ts'
import { runKeyCreate, runKeyList, runKeyRevoke, runSignIn } from './key-commands.ts'
import { openTools, type Tools } from './tools.ts'

const program = new Command('talktrack')
  .description('Work with a Talktrack installation. Reads the same environment as the server.')
  .showHelpAfterError()

program
  .command('import')
  .description('Store calls from JSON and JSONL files; audio beside them is found by name')
  .argument('<path>', 'a file, or a folder with all its sub-folders')
  .option('--agent <id>', 'the agent of calls that do not name one', wholeNumber)
  .action((path: string, options: { agent?: number }) =>
    withTools((tools) => runImport(tools, { path, agentId: options.agent ?? null })),
  )

program
  .command('export')
  .description('Write every call that matches, to the standard output or to a file')
  .addOption(
    new Option('--format <format>', 'jsonl has everything that is kept of a call')
      .choices(ExportQuery.shape.format.options)
      .default('csv'),
  )
  .option('--filter <filter>', 'as in the address of the call list, or as JSON')
  .option('--search <text>', 'words, "a phrase", a pref*, an id or a number')
  .option('--sort <sort>', 'such as -startedAt', callSort)
  .option('--output <file>', 'a file to write; it is there once it is complete')
  .action((options: ExportOptions) => withTools((tools) => runExport(tools, options)))

const keys = program.command('keys').description('API keys')
keys
  .command('create')
  .description('Make a key; it is shown once')
  .argument('<name>')
  .addOption(
    new Option('--scope <scope>', 'what the key may do')
      .choices(AccessScope.options)
      .default('project'),
  )
  .action((name: string, { scope }: { scope: AccessScope }) =>
    withTools((tools) => runKeyCreate(tools, { name, scope })),
  )
keys
  .command('list')
  .description('List the keys, without the keys themselves')
  .action(() => withTools(runKeyList))
keys
  .command('revoke')
  .description('Revoke a key and end the sessions it opened')
  .argument('<id>', 'the number that "keys list" shows', wholeNumber)
  .action((id: number) => withTools((tools) => runKeyRevoke(tools, id)))

program
  .command('sign-in')
  .description('Print a new one-time sign-in link')
  .action(() => withTools(runSignIn))

const demo = program.command('demo').description('Demo calls')
demo
  .command('load')
  .description('Load the demo calls')
  .action(() => withTools(runDemoLoad))
demo
  .command('remove')
  .description('Remove the demo calls, their recordings and their agents')
  .action(() => withTools(runDemoRemove))

program
  .command('doctor')
  .description('Check configuration, database and storage, and say what is wrong')
  .action(async () => {
    process.exitCode = (await runDoctor(process.env)) ? 0 : 1
  })

program.parseAsync().catch((error: unknown) => {
  const message = error instanceof ConfigError ? error.message : String(error)
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
})

/** Opens the installation for a command and closes it whatever happens; false means that the command failed. */
async function withTools(work: (tools: Tools) => Promise<boolean>): Promise<void> {
  const tools = await openTools(readConfig(process.env))
  try {
    if (!(await work(tools))) process.exitCode = 1
  } finally {
    await tools.database.close()
  }
}

function callSort(text: string): string {
  const parsed = CallSort.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join('; '))
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
