import type { Page } from '@playwright/test'
import { type CallBench, newProbedPage, untilPlayable } from './call-bench.ts'
import type { ReadyCall } from './observe-recording.ts'
import { inFreshContext } from './open-browser.ts'
import { countFrames } from './page-probes.ts'

export const PLAY_SECONDS = 10

type Work = { workMs: number; longTasks: number }

/**
 * What the main thread of a call's page does for each animation frame, playing and paused. The same page twice: its
 * counting of frames costs both times the same.
 */
export function measurePlaying(
  { browser, server }: Pick<CallBench, 'browser' | 'server'>,
  call: ReadyCall,
): Promise<{ playing: Work; paused: Work }> {
  return inFreshContext({ browser, server }, async (context) => {
    const page = await newProbedPage(context)
    await page.goto(`${server.address}/calls/${call.id}?t=60`)
    await page.getByRole('list', { name: 'Transcript' }).waitFor()
    await untilPlayable(page)
    await page.waitForTimeout(2000)
    const paused = await measureWork(page)
    await page.evaluate(() => window.bench.media?.play())
    await page.waitForTimeout(1000)
    return { paused, playing: await measureWork(page) }
  })
}

async function measureWork(page: Page): Promise<Work> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const busySeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
  const before = await busySeconds()
  const { frames, longTasks } = await page.evaluate(countFrames, PLAY_SECONDS)
  return { workMs: ((await busySeconds()) - before) * (1000 / frames), longTasks }
}
