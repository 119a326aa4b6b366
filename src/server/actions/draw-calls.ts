import { nextTurn } from '../store/next-turn.ts'

/** Gives numbers from 0 up to, not including, 1. */
export type Random = () => number

/** Takes some milliseconds. */
const ITEMS_PER_TURN = 50_000

/** Does something with each of many items, with a turn for other requests now and then. Rejects as `nextTurn` does. */
async function forMany<T>(
  items: readonly T[],
  signal: AbortSignal,
  act: (item: T, index: number) => void,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index % ITEMS_PER_TURN === ITEMS_PER_TURN - 1) await nextTurn(signal)
    act(item, index)
  }
}

/** Those of `ids` that are not among `others`, in their order. Rejects with `QueryCancelled`. */
export async function without(
  ids: readonly number[],
  { others, signal }: { others: readonly number[]; signal: AbortSignal },
): Promise<number[]> {
  const isOther = new Set<number>()
  await forMany(others, signal, (id) => isOther.add(id))
  const left: number[] = []
  await forMany(ids, signal, (id) => {
    if (!isOther.has(id)) left.push(id)
  })
  return left
}

/**
 * `count` of `items` at random, all of them where there are no more, in the order in which they were. Rejects with
 * `QueryCancelled`.
 */
export async function sampleOf<T>(
  items: readonly T[],
  { count, random, signal }: { count: number; random: Random; signal: AbortSignal },
): Promise<T[]> {
  const chosen: T[] = []
  let wanted = Math.min(count, items.length)
  await forMany(items, signal, (item, index) => {
    // Knuth's selection sampling: every subset of that size is as likely.
    if (random() * (items.length - index) >= wanted) return
    chosen.push(item)
    wanted -= 1
  })
  return chosen
}

/** `items` in their order, with `others` at random places among them. */
export function mixIn<T>(items: readonly T[], others: readonly T[], random: Random): T[] {
  const rest = { items: [...items], others: shuffled(others, random) }
  const mixed: T[] = []
  while (rest.items.length + rest.others.length > 0) {
    const share = rest.others.length / (rest.items.length + rest.others.length)
    const next = random() < share ? rest.others.shift() : rest.items.shift()
    if (next !== undefined) mixed.push(next)
  }
  return mixed
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
