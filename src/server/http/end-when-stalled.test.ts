import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startLocalHost } from '#testing/local-host.ts'
import { until } from '#testing/until.ts'
import { endWhenStalled } from './end-when-stalled.ts'

const STALL_MS = 200
/** More than the buffers of two sockets hold. */
const MUCH = Buffer.alloc(32 * 1024 * 1024)

async function openResponse(handle: (response: ServerResponse) => void) {
  let sent: ServerResponse | undefined
  const host = await startLocalHost((_request, response) => {
    sent = response
    endWhenStalled(response, STALL_MS)
    handle(response)
  })
  const [received] = (await once(get(host.url), 'response')) as [IncomingMessage]
  received.on('error', () => undefined)
  return { host, received, isEnded: () => sent?.destroyed === true }
}

describe('a response', () => {
  it('is ended once its client takes nothing', async () => {
    const { host, isEnded } = await openResponse((response) => response.end(MUCH))
    await using _ = host
    expect(await until(isEnded)).toBe(true)
  })

  it('goes on while its client takes a little now and then', async () => {
    const { host, received } = await openResponse((response) => response.end(MUCH))
    await using _ = host
    // 32 pauses of 20 ms: longer than the limit together, and each far shorter.
    let sizeBytes = 0
    for await (const chunk of received) {
      const before = sizeBytes
      sizeBytes += chunk.length
      if (Math.floor(sizeBytes / 1024 ** 2) > Math.floor(before / 1024 ** 2)) await setTimeout(20)
    }
    expect(sizeBytes).toBe(MUCH.length)
  })

  it('waits for a server that has nothing to send yet', async () => {
    const { host, received } = await openResponse((response) => {
      response.write('first')
      void setTimeout(STALL_MS * 4).then(() => response.end(' and last'))
    })
    await using _ = host
    let text = ''
    for await (const chunk of received) text += chunk
    expect(text).toBe('first and last')
  })
})
