import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { ensureFirstProject } from '../store/projects.ts'
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
  await ensureFirstProject(database.writer, Date.now())
  return {
    config,
    database,
    files: await openRecordingFiles(join(config.dataDir, 'recordings')),
    clock: () => Date.now(),
    print: (line) => process.stdout.write(`${line}\n`),
  }
}
