import type { Page } from '@playwright/test'
import { type CallBench, newProbedPage } from './call-bench.ts'
import { inFreshContext } from './open-browser.ts'
import { residentMegabytes } from './renderer-memory.ts'

type Steps = {
  /** From each key press to the frame that shows the next call's name and transcript. */
  paintedMs: number[]
  megabytesBefore: number
  megabytesAfter: number
}

/** Long enough for the next call to be fetched ahead, as while a person looks at one. */
const LOOK_MS = 400

/** Goes through the calls of the list with the key `j`, from the newest on. */
export function stepThrough(
  { browser, server }: Pick<CallBench, 'browser' | 'server'>,
  { firstId, steps }: { firstId: number; steps: number },
): Promise<Steps> {
  return inFreshContext({ browser, server }, async (context) => {
    const page = await newProbedPage(context)
    await page.goto(`${server.address}/calls/${firstId}`)
    await page.getByRole('list', { name: 'Transcript' }).waitFor()
    await page.waitForTimeout(1500)
    const megabytesBefore = await residentMegabytes(browser, page)
    const paintedMs: number[] = []
    for (let step = 0; step < steps; step++) {
      paintedMs.push(await pressAndWait(page))
      await page.waitForTimeout(LOOK_MS)
    }
    return { paintedMs, megabytesBefore, megabytesAfter: await residentMegabytes(browser, page) }
  })
}

async function pressAndWait(page: Page): Promise<number> {
  // A handle is there once the page listens: a key pressed at once could come before.
  const watch = await page.evaluateHandle(watchNextCall)
  await page.keyboard.press('j')
  const paintedMs = await watch.evaluate(({ painted }) => painted)
  await watch.dispose()
  return paintedMs
}

/** Runs in the page: `painted` is milliseconds from the next key press to the frame after the one that drew another call. */
function watchNextCall(): { painted: Promise<number> } {
  const nameOf = () => document.querySelector('h1')?.textContent ?? ''
  const before = nameOf()
  const painted = new Promise<number>((resolve) => {
    const look = (pressedAt: number) => {
      const hasLines = document.querySelector('[aria-label=Transcript] li') !== null
      const name = nameOf()
      // What is there at the start of a frame was painted with the one before.
      if (name !== '' && name !== before && hasLines) resolve(performance.now() - pressedAt)
      else requestAnimationFrame(() => look(pressedAt))
    }
    const begin = ({ timeStamp }: Event) => requestAnimationFrame(() => look(timeStamp))
    window.addEventListener('keydown', begin, { capture: true, once: true })
  })
  return { painted }
}
