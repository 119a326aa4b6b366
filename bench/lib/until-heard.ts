import { setTimeout as delay } from 'node:timers/promises'
import { say } from './progress.ts'
import type { RunningServer } from './start-server.ts'

/** Waits until no recording is left to be listened to, which would slow down whatever is measured meanwhile. */
export async function untilHeard(server: RunningServer): Promise<void> {
  for (let left = await countUnheard(server); left > 0; left = await countUnheard(server)) {
    say(`Waiting for ${left} recordings to be heard`)
    await delay(2000)
  }
}

async function countUnheard({ address, headers }: RunningServer): Promise<number> {
  const response = await fetch(`${address}/metrics`, { headers })
  const [, count] = /kind="hear-recording"[^}]*\} (\d+)/.exec(await response.text()) ?? []
  return Number(count ?? 0)
}
