import { setImmediate } from 'node:timers/promises'

/** Takes some milliseconds to make. */
export const TURN_LENGTH = 64_000

/** The pieces of a text joined to longer ones, with a turn for other requests after each. */
export async function* inTurns(pieces: Iterable<string>): AsyncGenerator<string> {
  let ready = ''
  for (const piece of pieces) {
    ready += piece
    if (ready.length < TURN_LENGTH) continue
    yield ready
    ready = ''
    await setImmediate()
  }
  if (ready !== '') yield ready
}
