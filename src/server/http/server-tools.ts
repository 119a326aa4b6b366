import type { Config } from '../config.ts'
import type { Judge } from '../judge/judge.ts'
import type { JudgePrice } from '../judge/judge-cost.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Database } from '../store/database.ts'
import type { RecordingFiles } from '../store/recording-files.ts'

/** What routes work with. Made once in `server.ts`. */
export type ServerTools = {
  config: Config
  database: Database
  files: RecordingFiles
  clock: () => number
  /** Null: none is configured. */
  judge: Judge | null
  price: JudgePrice
  /** Runs the scripts of users. */
  sandbox: Sandbox
  /** Tells the job worker that there is new work. */
  wakeWorker: () => void
}
