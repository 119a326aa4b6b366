import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'

/**
 * Megabytes of physical memory that the process of a page holds at this moment. Not a number where the system
 * does not tell; only Linux does this way. Keeps the page busy for a moment to find out which process it is.
 */
export async function residentMegabytes(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  const megabytes = new Map(pids.map((pid) => [pid, megabytesOf(pid)]))
  return megabytes.get(await busiestOf(page, pids)) ?? Number.NaN
}

const BUSY_MS = 400

/** Which of the processes is the page's: the one whose processor time grows while the page spins. */
async function busiestOf(page: Page, pids: readonly number[]): Promise<number> {
  const before = new Map(pids.map((pid) => [pid, processorTicks(pid)]))
  await page.evaluate((milliseconds) => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  }, BUSY_MS)
  const grown = pids.map((pid) => ({ pid, ticks: processorTicks(pid) - (before.get(pid) ?? 0) }))
  const [most] = grown.toSorted((a, b) => b.ticks - a.ticks)
  return most?.pid ?? 0
}

function processorTicks(pid: number): number {
  const fields = readProc(pid, 'stat')?.split(') ').at(-1)?.split(' ') ?? []
  // Of the fields after the name: user and system time.
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function megabytesOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1000
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return null
  }
}
