import type { Page } from '@playwright/test'

/** Counts what a page fetches from now on, as it goes over the wire; of unfinished answers, what has arrived. */
export async function countFetchedBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page)
  const bytesOf = new Map<string, number>()
  session.on('Network.dataReceived', ({ requestId, dataLength, encodedDataLength }) => {
    bytesOf.set(requestId, (bytesOf.get(requestId) ?? 0) + (encodedDataLength || dataLength))
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytesOf.set(requestId, encodedDataLength)
  })
  await session.send('Network.enable')
  return () => [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0)
}
