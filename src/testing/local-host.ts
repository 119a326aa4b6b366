import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The outside world on loopback: an HTTP server on a free port. Disposing it also cuts open connections. */
export type LocalHost = AsyncDisposable & {
  url: string
  port: number
  /** The paths that were asked for, in order. */
  requests: string[]
}

export async function startLocalHost(listener: RequestListener): Promise<LocalHost> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
