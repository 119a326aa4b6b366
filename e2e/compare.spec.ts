import { expect, expectAccessible, mediaSeconds, test } from './fixtures.ts'

test('Two calls are chosen in the list, compared side by side, and swapped', async ({
  demoPage: page,
}) => {
  const boxes = page.getByRole('checkbox', { name: /^Select / })
  await expect(page.getByText('26 calls')).toBeVisible()
  await boxes.nth(1).click()
  await boxes.nth(2).click()
  await page.getByRole('link', { name: 'Compare' }).click()
  const before = page.getByRole('region', { name: /^Before: / })
  const after = page.getByRole('region', { name: /^After: / })
  await expect(before.getByRole('slider', { name: 'Position' })).toBeVisible()
  await expect(after.getByRole('slider', { name: 'Position' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Results of both calls' })).toBeVisible()
  await expectAccessible(page)

  await before.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(before.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  await after.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(before.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect.poll(() => mediaSeconds(page)).toBeGreaterThan(0)

  const name = (await before.getAttribute('aria-label')) ?? ''
  await page.getByRole('button', { name: 'Swap' }).click()
  await expect(after).toHaveAccessibleName(name.replace('Before', 'After'))
})

test('The other call of a comparison is found by a word of it', async ({
  demoPage: page,
  demoServer,
}) => {
  await page.goto(`${demoServer.origin}/compare?before=1`)
  await page.getByRole('combobox', { name: 'Call ID or number' }).fill('LB-227904')
  await page.getByRole('button', { name: 'Choose' }).click()
  const after = page.getByRole('region', { name: /^After: / })
  await expect(after.getByRole('slider', { name: 'Position' })).toBeVisible()
  await page.goto(`${demoServer.origin}/compare?before=1&after=999999`)
  await expect(page.getByText('There is no such call')).toBeVisible()
})
