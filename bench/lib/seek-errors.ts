import type { Page } from '@playwright/test'
import { type CallBench, newProbedPage, untilPlayable } from './call-bench.ts'
import type { ReadyCall } from './observe-recording.ts'
import { inFreshContext } from './open-browser.ts'
import { listen } from './page-probes.ts'
import { median } from './percentile.ts'
import { say } from './progress.ts'
import type { Row } from './table.ts'
import { findSecond } from './tone-clock.ts'

const SEEK_SHARES = [0.083, 0.291, 0.517, 0.762, 0.941]
const LISTEN = { rateHz: 8000, seconds: 3.2 }

/**
 * How far the player's clock is from where a person clicked, and how far what is heard is from that clock.
 * The measurement's own latency is what an audio element alone shows on the first recording: a wav, in which
 * every byte has its time, so that its seeks are exact.
 */
export async function measureSeeks(
  bench: CallBench,
  calls: readonly { name: string; call: ReadyCall }[],
): Promise<Row[]> {
  const [wav] = calls
  if (!wav) return []
  const exact = await seekBare(bench, wav.call)
  const latency = median(exact.map((seek) => seek.heardError))
  const rows: Row[] = []
  for (const { name, call } of calls) {
    say(`Seeking in ${name}`)
    const app = await inSeekPage(bench, appUrl(bench, call), (page) => seekAll(page, clickAt(call)))
    const bare = await seekBare(bench, call)
    rows.push(...toSeekRows(name, { app, bare, latency }))
  }
  return rows
}

type Seek = { shownError: number; heardError: number }

function toSeekRows(
  name: string,
  { app, bare, latency }: { app: readonly Seek[]; bare: readonly Seek[]; latency: number },
): Row[] {
  const worst = (errors: readonly number[]) => 1000 * Math.max(...errors.map(Math.abs))
  const shown = (seeks: readonly Seek[]) => [worst(seeks.map((seek) => seek.shownError))]
  const heard = (seeks: readonly Seek[]) => [worst(seeks.map((seek) => seek.heardError - latency))]
  return [
    {
      what: `${name}: click on the waveform to the player's clock, worst of ${app.length}`,
      unit: 'ms off',
      figures: shown(app),
      baseline: { what: 'audio element alone', figures: shown(bare) },
      bars: [{ on: 'value', atMost: 50 }],
    },
    {
      what: `${name}: player's clock to what is heard, worst of ${app.length}`,
      unit: 'ms off',
      figures: heard(app),
      baseline: { what: 'audio element alone', figures: heard(bare) },
      bars: [{ on: 'value', atMost: 50 }],
    },
  ]
}

function seekBare(bench: CallBench, call: ReadyCall): Promise<Seek[]> {
  return inSeekPage(bench, bareUrl(bench, call), (page) => seekAll(page, setTime(call)))
}

function appUrl({ server }: CallBench, call: ReadyCall): string {
  return `${server.address}/calls/${call.id}`
}

function bareUrl({ bare }: CallBench, call: ReadyCall): string {
  return `${bare.address}/audio?${call.recordingId}`
}

function inSeekPage<T>(
  { browser, server }: CallBench,
  url: string,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  // The tap on the sound is a script of ours, which the page's policy would refuse.
  const options = { bypassCSP: true }
  return inFreshContext({ browser, server, options }, async (context) => {
    const page = await newProbedPage(context)
    await page.goto(url)
    await untilPlayable(page)
    // The first sound of a page comes later than any other.
    await page.evaluate(listen, LISTEN)
    return work(page)
  })
}

/** Goes to a share of the recording and returns the second that was meant. */
type SeekTo = (page: Page, share: number) => Promise<number>

function clickAt({ durationSeconds }: ReadyCall): SeekTo {
  return async (page, share) => {
    const box = await page.getByRole('slider', { name: 'Position' }).boundingBox()
    if (!box) throw new Error('The waveform is not in view.')
    const x = Math.round(box.x + box.width * share)
    await page.mouse.click(x, Math.round(box.y + box.height / 2))
    return ((x - box.x) / box.width) * durationSeconds
  }
}

function setTime({ durationSeconds }: ReadyCall): SeekTo {
  return async (page, share) => {
    await page.evaluate((seconds) => {
      if (window.bench.media) window.bench.media.currentTime = seconds
    }, share * durationSeconds)
    return share * durationSeconds
  }
}

async function seekAll(page: Page, seekTo: SeekTo): Promise<Seek[]> {
  const seeks: Seek[] = []
  for (const share of SEEK_SHARES) {
    const meant = await seekTo(page, share)
    await page.waitForFunction(() => window.bench.media?.seeking === false)
    const shown = await page.evaluate(() => window.bench.media?.currentTime ?? Number.NaN)
    seeks.push({ shownError: shown - meant, heardError: await heardError(page) })
  }
  return seeks
}

/** Seconds by which the player's clock is ahead of what is heard; the measurement's own latency included. */
async function heardError(page: Page): Promise<number> {
  const { samples, rateHz, nearSeconds } = await page.evaluate(listen, LISTEN)
  const found = findSecond({ samples: Float32Array.from(samples), rateHz }, { near: nearSeconds })
  return found === null ? Number.NaN : nearSeconds + found.at - found.second
}
