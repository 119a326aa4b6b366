import { expect, expectAccessible, findCall, test } from './fixtures.ts'

const PAGES = ['/calls', '/agents', '/settings', '/calls?add=1', '/agents?edit=1', '/nowhere']

for (const theme of ['light', 'dark'] as const) {
  for (const path of PAGES) {
    test(`${path} has no serious accessibility fault in the ${theme} theme`, async ({
      demoPage: page,
      demoServer,
    }) => {
      await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
      await page.goto(demoServer.origin + path)
      await expect(page.locator('h1').first()).toBeAttached()
      if (path.includes('?')) await expect(page.getByRole('dialog')).toBeVisible()
      await expectAccessible(page)
    })
  }

  test(`A call has no serious accessibility fault in the ${theme} theme`, async ({
    demoPage: page,
    demoServer,
  }) => {
    await page.evaluate((value) => localStorage.setItem('talktrack.theme', value), theme)
    const id = await findCall(demoServer, 'LB-227904')
    await page.goto(`${demoServer.origin}/calls/${id}?t=12`)
    await expect(page.getByRole('slider', { name: 'Position' })).toBeVisible()
    await expectAccessible(page)
  })

  test(`Signing in has no serious accessibility fault in the ${theme} theme`, async ({
    page,
    demoServer,
  }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto(`${demoServer.origin}/sign-in`)
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await expectAccessible(page)
  })
}

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('no page scrolls sideways, and axe finds nothing serious', async ({
    demoPage: page,
    demoServer,
  }) => {
    const id = await findCall(demoServer, 'LB-227904')
    for (const path of ['/calls', `/calls/${id}`, '/agents', '/settings']) {
      await page.goto(demoServer.origin + path)
      await expect(page.locator('h1').first()).toBeAttached()
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      )
      expect(overflow, path).toBeLessThanOrEqual(0)
      await expectAccessible(page)
    }
  })
})
