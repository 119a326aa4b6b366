import { join } from 'node:path'
import type { Config } from '../config.ts'
import { ensureFirstAgent } from '../store/agents.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { ensureFirstProject, FIRST_PROJECT_ID } from '../store/projects.ts'
import { openRecordingFiles, type RecordingFiles } from '../store/recording-files.ts'

/** What commands work with. The server may run at the same time. */
export type Tools = {
  config: Config
  database: Database
  files: RecordingFiles
  clock: () => number
  print: (line: string) => void
}

export async function openTools(config: Config): Promise<Tools> {
  const database = await openDatabase({ dataDir: config.dataDir })
  const now = Date.now()
  await ensureFirstProject(database.writer, now)
  await ensureFirstAgent(database.writer, { projectId: FIRST_PROJECT_ID, now })
  return {
    config,
    database,
    files: await openRecordingFiles(join(config.dataDir, 'recordings')),
    clock: () => Date.now(),
    print: (line) => process.stdout.write(`${line}\n`),
  }
}
