/** So many things of which one side said this, and the other that. */
export type Pairing<Class> = { said: Class; shouldBe: Class; count: number }

/**
 * Cohen's kappa of what two sides said of the same things; of one pair of classes there may be several counts.
 * (observed - chance) / (1 - chance), from -1 to 1. Null with fewer than two counts, and where either side gave one
 * class alone: chance explains all of that. Source: J. Cohen, A coefficient of agreement for nominal scales, 1960.
 */
export function cohensKappa<Class>(pairings: readonly Pairing<Class>[]): number | null {
  const given = pairings.filter(({ count }) => count > 0)
  // Not a table of all classes by all classes: there can be as many as there are things.
  const said = countBy(given, 'said')
  const shouldBe = countBy(given, 'shouldBe')
  const total = sum(given.map(({ count }) => count))
  if (total < 2 || said.size < 2 || shouldBe.size < 2) return null
  const same = given.filter((pairing) => pairing.said === pairing.shouldBe)
  const observed = sum(same.map(({ count }) => count)) / total
  const byChance = [...said].map(([label, count]) => count * (shouldBe.get(label) ?? 0))
  const chance = sum(byChance) / total ** 2
  return (observed - chance) / (1 - chance)
}

function countBy<Class>(
  pairings: readonly Pairing<Class>[],
  side: 'said' | 'shouldBe',
): Map<Class, number> {
  const counts = new Map<Class, number>()
  for (const { count, [side]: label } of pairings) {
    counts.set(label, (counts.get(label) ?? 0) + count)
  }
  return counts
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
