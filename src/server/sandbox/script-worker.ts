import { parentPort, workerData } from 'node:worker_threads'
import { loadEngine } from './engine.ts'
import { type RawAnswer, runScript, type ScriptLimits, type ScriptWork } from './run-script.ts'

/** The first message says that the thread is ready; then one answer for each work. */
export type ScriptWorkerMessage = { kind: 'ready' } | { kind: 'done'; answer: RawAnswer }

const limits = workerData as ScriptLimits
const engine = await loadEngine()

parentPort?.on('message', async (work: ScriptWork) => {
  post({ kind: 'done', answer: await runScript(engine, { work, limits }) })
})
post({ kind: 'ready' })

function post(message: ScriptWorkerMessage): void {
  parentPort?.postMessage(message)
}
