import type { ServerResponse } from 'node:http'

/**
 * Destroys the connection of a response of which the client took no byte for that long although there were some. One
 * that waits for the server is left alone, and so is a slow client: Node looks at what the socket could send.
 */
export function endWhenStalled(response: ServerResponse, stallMs: number): void {
  // A listener takes the place of Node's own answer to silence, which would end both.
  response.setTimeout(stallMs, () => {
    if (response.writableLength > 0) response.destroy()
    else response.socket?.setTimeout(stallMs)
  })
}
