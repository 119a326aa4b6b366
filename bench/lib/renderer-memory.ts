import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'

/**
 * Megabytes of physical memory that the process of a page holds. Null where the system does not tell, which
 * only Linux does this way.
 */
export type MemoryMeter = { megabytes: () => Promise<number | null> }

/** For a page alone in its process; open it with no other page opening at the same time. */
export async function createMemoryMeter(browser: Browser, page: Page): Promise<MemoryMeter> {
  const session = await browser.newBrowserCDPSession()
  const renderers = async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  }
  const busy = await busiestOf(page, renderers)
  return { megabytes: async () => residentMegabytes(busy) }
}

const BUSY_MS = 400

/** Which of the processes is the page's: the one whose processor time grows while the page spins. */
async function busiestOf(page: Page, renderers: () => Promise<number[]>): Promise<number> {
  const pids = await renderers()
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

function residentMegabytes(pid: number): number | null {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status') ?? '')?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1000
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return null
  }
}
