import { setImmediate } from 'node:timers/promises'
import { QueryCancelled } from './slow-read-errors.ts'

/** Lets other requests go on in between. Rejects with `QueryCancelled` where nobody waits for the answer any more. */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new QueryCancelled(signal.reason)
}
