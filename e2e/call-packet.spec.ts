import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, findCall, test } from './fixtures.ts'
import type { RunningServer } from './start-server.ts'

/** Downloads the packet of a demo call from its menu and opens it from disk, with the network off. */
async function openPacket(page: Page, server: RunningServer, path: string): Promise<void> {
  const id = await findCall(server, 'LB-227904')
  await page.goto(`${server.origin}/calls/${id}`)
  await page.getByRole('button', { name: 'More', exact: true }).click()
  const started = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /^Download packet/ }).click()
  const download = await started
  expect(download.suggestedFilename()).toMatch(/\.packet\.html$/)
  await download.saveAs(path)
  await page.context().setOffline(true)
  await page.goto(pathToFileURL(path).href)
}

test('A packet opened from disk without a network plays, and jumps to a turn', async ({
  demoPage: page,
  demoServer,
}, testInfo) => {
  await openPacket(page, demoServer, testInfo.outputPath('call.packet.html'))
  const seconds = () =>
    page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime)
  const turn = page.getByRole('button', { name: /^Play (Agent|Caller) at/ }).nth(3)
  await turn.click()
  const start = Number(await turn.getAttribute('data-seek'))
  await expect.poll(seconds).toBeGreaterThan(start + 0.3)
  await expect(page.locator('[aria-current]')).toHaveCount(1)
})

test('A packet tells that its parts are unchanged, and that one was changed', async ({
  demoPage: page,
  demoServer,
}, testInfo) => {
  const path = testInfo.outputPath('call.packet.html')
  await openPacket(page, demoServer, path)
  await page.getByRole('button', { name: 'Check the parts' }).click()
  await expect(page.getByRole('status')).toHaveText('All 7 parts are unchanged.')
  const changed = (await readFile(path, 'utf8')).replace(
    '"speaker": "agent"',
    '"speaker": "caller"',
  )
  await writeFile(path, changed)
  await page.reload()
  await page.getByRole('button', { name: 'Check the parts' }).click()
  await expect(page.getByRole('status')).toHaveText('1 of 7 parts are changed.')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`A packet has no serious accessibility fault in the ${colorScheme} theme`, async ({
    demoPage: page,
    demoServer,
  }, testInfo) => {
    await page.emulateMedia({ colorScheme })
    await openPacket(page, demoServer, testInfo.outputPath('call.packet.html'))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
    await page.setViewportSize({ width: 390, height: 844 })
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
  })
}
