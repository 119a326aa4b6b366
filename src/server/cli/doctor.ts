import { join } from 'node:path'
import { ConfigError, readConfig } from '../config.ts'
import { addressRule } from '../ingest/safe-address.ts'
import { checkIntegrity, type DatabaseToInspect, inspectDatabase } from '../store/database.ts'
import { listDeadJobs, queueDepths } from '../store/jobs.ts'
import { pendingMigrations } from '../store/migrate.ts'
import { openRecordingFiles, type RecordingFiles } from '../store/recording-files.ts'
import { listStoredKeys } from '../store/recordings.ts'

type Finding = { isOk: boolean; text: string }

/** Checks configuration, database and storage, one line each; false if anything is wrong. Changes nothing that is stored. */
export async function runDoctor(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  let isHealthy = true
  for await (const { isOk, text } of examine(environment)) {
    process.stdout.write(`${isOk ? '✓' : '✗'} ${text}\n`)
    isHealthy &&= isOk
  }
  return isHealthy
}

async function* examine(
  environment: Readonly<Record<string, string | undefined>>,
): AsyncGenerator<Finding> {
  const config = await attempt('Configuration', () => {
    const read = readConfig(environment)
    addressRule(read.fetchAllow)
    return read
  })
  yield config.finding
  if (config.value === null) return
  const { dataDir } = config.value
  const database = await attempt(`Database in ${dataDir}`, () => inspectDatabase({ dataDir }))
  yield database.finding
  const files = await attempt('Recordings folder', () => openFiles(join(dataDir, 'recordings')))
  yield files.finding
  if (database.value === null) {
    if (database.finding.isOk)
      yield { isOk: true, text: 'No database yet: the first start makes it' }
    return
  }
  try {
    yield* examineDatabase(database.value)
    if (files.value) yield* examineFiles(database.value, files.value)
  } finally {
    await database.value.close()
  }
}

async function* examineDatabase(database: DatabaseToInspect): AsyncGenerator<Finding> {
  const damage = await checkIntegrity(database)
  yield {
    isOk: damage.length === 0,
    text: damage.length === 0 ? 'Database integrity' : `Database integrity: ${damage.join('; ')}`,
  }
  if (damage.length > 0) return
  const pending = await pendingMigrations(database.reader)
  yield {
    isOk: true,
    text: `Migrations to run at the next start: ${pending.join(', ') || 'none'}`,
  }
  const waiting = await queueDepths(database.reader)
  const depths = waiting.map(({ kind, waiting: count }) => `${count} ${kind}`).join(', ')
  yield { isOk: true, text: `Waiting work: ${depths || 'none'}` }
  const dead = await listDeadJobs(database.reader)
  yield {
    isOk: dead.length === 0,
    text:
      dead.length === 0
        ? 'Failed work: none'
        : `Failed work: ${dead.length}, newest: ${dead[0]?.kind}: ${dead[0]?.error}. See Settings.`,
  }
}

async function* examineFiles(
  database: DatabaseToInspect,
  files: RecordingFiles,
): AsyncGenerator<Finding> {
  const { keys, leftovers } = await files.survey()
  const present = new Set(keys)
  const known = await allStorageKeys(database)
  const missing = [...known].filter((key) => !present.has(key))
  const orphans = keys.filter((key) => !known.has(key))
  yield {
    isOk: missing.length === 0,
    text: `Recordings: ${known.size} in the database, ${missing.length} of them missing on disk`,
  }
  yield {
    isOk: true,
    text: `Unused files: ${orphans.length} without a call, ${leftovers.length} interrupted uploads older than a day`,
  }
}

async function allStorageKeys(database: DatabaseToInspect): Promise<Set<string>> {
  const known = new Set<string>()
  for (let after: number | null = 0; after !== null; ) {
    const page: Awaited<ReturnType<typeof listStoredKeys>> = await listStoredKeys(
      database.reader,
      after,
    )
    for (const key of page.keys) known.add(key)
    after = page.last
  }
  return known
}

async function openFiles(folder: string): Promise<RecordingFiles> {
  const files = await openRecordingFiles(folder)
  await files.check()
  return files
}

async function attempt<T>(
  what: string,
  work: () => T | Promise<T>,
): Promise<{ value: T | null; finding: Finding }> {
  try {
    return { value: await work(), finding: { isOk: true, text: what } }
  } catch (error) {
    const reason = error instanceof ConfigError ? error.problems.join('; ') : String(error)
    return { value: null, finding: { isOk: false, text: `${what}: ${reason}` } }
  }
}
