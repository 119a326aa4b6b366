/**
 * A question that is not sent: it would fail at the endpoint, or cost what nobody meant to spend. `message` is a
 * sentence for the reviewer.
 */
export class PromptTooLong extends Error {
  override name = 'PromptTooLong'
}

/** What `compose` gives, or why it is too long; other errors are thrown on. */
export function orTooLong<T>(compose: () => T): T | PromptTooLong {
  try {
    return compose()
  } catch (error) {
    if (error instanceof PromptTooLong) return error
    throw error
  }
}
