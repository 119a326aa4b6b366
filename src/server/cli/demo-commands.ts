import { loadDemo } from '../demo/load-demo.ts'
import { removeDemo } from '../demo/remove-demo.ts'
import { FIRST_PROJECT_ID } from '../store/projects.ts'
import { type Progress, startProgress } from './progress.ts'
import type { Tools } from './tools.ts'

export async function runDemoLoad(tools: Tools): Promise<boolean> {
  let progress: Progress | null = null
  const count = await loadDemo(
    { ...tools, maxRecordingBytes: tools.config.maxRecordingBytes },
    {
      projectId: FIRST_PROJECT_ID,
      onProgress: (_done, total) => {
        progress ??= startProgress('Loading', total)
        progress.advance()
      },
    },
  )
  finish(progress)
  tools.print(`${count} demo calls are there. A running server prepares their recordings.`)
  return true
}

export async function runDemoRemove(tools: Tools): Promise<boolean> {
  const removed = await removeDemo(tools, { projectId: FIRST_PROJECT_ID, actor: 'command line' })
  tools.print(`${removed} demo calls are gone.`)
  return true
}

function finish(progress: Progress | null): void {
  progress?.finish()
}
