import { expect, test as setup } from '@playwright/test'
import { makeDemoData, type RunningServer } from './start-server.ts'

setup('The demo is loaded and every recording heard', async () => {
  setup.setTimeout(900_000)
  await makeDemoData(untilHeard)
})

async function untilHeard(server: RunningServer): Promise<void> {
  await expect
    .poll(async () => (await countOpen(server)) + (await countUnheard(server)), {
      timeout: 800_000,
      intervals: [1000],
    })
    .toBe(0)
}

/** Calls whose waveform or verdict is still to come. */
async function countOpen({ origin, apiKey }: RunningServer): Promise<number> {
  const response = await fetch(`${origin}/api/calls?limit=100`, {
    headers: { 'x-cekura-api-key': apiKey },
  })
  const { items } = (await response.json()) as {
    items: { recordingState: string; status: string }[]
  }
  return items.filter(
    ({ recordingState, status }) => recordingState === 'analysing' || status === 'evaluating',
  ).length
}

/** Recordings that are still to be listened to, which would slow down whatever is tested meanwhile. */
async function countUnheard({ origin, apiKey }: RunningServer): Promise<number> {
  const response = await fetch(`${origin}/metrics`, { headers: { 'x-cekura-api-key': apiKey } })
  const [, count] = /kind="hear-recording"[^}]*\} (\d+)/.exec(await response.text()) ?? []
  return Number(count ?? 0)
}
