import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { RunningServer } from './start-server.ts'

export type BarePages = { address: string; stop: () => Promise<void> }

/** Answers under `/wavesurfer.js`: the package as it is published. */
const WAVESURFER = fileURLToPath(import.meta.resolve('wavesurfer.js/dist/wavesurfer.esm.js'))

/**
 * Pages to compare with, by path, on an origin of their own; everything else comes from the server, with the
 * right to read it. Not by interception in the browser, which slows every request of a page down.
 */
export async function serveBarePages(
  server: RunningServer,
  pages: Readonly<Record<string, string>>,
): Promise<BarePages> {
  const wavesurfer = await readFile(WAVESURFER)
  const http = createServer((incoming, response) => {
    const path = (incoming.url ?? '').split('?', 1)[0] ?? ''
    const page = pages[path]
    if (page !== undefined) return send(response, 'text/html; charset=utf-8', page)
    if (path === '/wavesurfer.js') return send(response, 'text/javascript', wavesurfer)
    forward(incoming, response, server)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    stop: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'content-type': type }).end(body)
}

function forward(incoming: IncomingMessage, response: ServerResponse, server: RunningServer): void {
  const upstream = request(
    server.address + incoming.url,
    { method: 'GET', headers: { ...incoming.headers, ...server.headers } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  // A media element ends requests whose rest it does not need.
  response.on('close', () => upstream.destroy())
  upstream.on('error', () => response.destroy())
  upstream.end()
}
