const LIMIT_MS = 15_000
const PAUSE_MS = 10

/** Asks again and again until the answer is truthy, and gives that answer. Throws after 15 s, or `limitMs`. */
export async function until<T>(
  ask: () => T | Promise<T>,
  { what = 'the condition', limitMs = LIMIT_MS }: { what?: string; limitMs?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
