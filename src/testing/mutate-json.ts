import fc from 'fast-check'

/** For tests: one damage to a JSON value; the numbers choose the place, modulo what is there. */
export type Damage = {
  place: number
  other: number
  action: 'remove' | 'replace' | 'swap' | 'repeat' | 'bury'
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  '',
  '  \n',
  'x',
  'constructor',
  '__proto__',
  'system',
  'user',
  'NaN',
  '-Infinity',
  '1e999',
  '12:99',
  '0:38',
  '2026-13-45T99:99:99Z',
  '2026-01-01T00:00:00',
  '\ud800 lone surrogate',
  '\u0000',
  '{"a":',
  'GrÃ¼ÃŸe',
  0,
  -0,
  -1,
  -1e308,
  1e308,
  5e-324,
  1e9,
  1e11,
  1.7e12,
  8.7e15,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[]],
  { length: 3 },
  { text: { text: { text: 'deep' } } },
]
const BURIED_LEVELS = 20_000

export const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    place: fc.nat(100_000),
    other: fc.nat(100_000),
    action: fc.constantFrom<Damage['action'][]>('remove', 'replace', 'swap', 'repeat', 'bury'),
  }),
  { minLength: 1, maxLength: 6 },
)

/** For tests: a damaged copy. */
export function damageJson(value: unknown, list: readonly Damage[]): unknown {
  const root = { value: structuredClone(value) }
  // Buried last: a value so deep can no longer be copied.
  for (const damage of list) if (damage.action !== 'bury') applyDamage(root, damage)
  for (const damage of list) if (damage.action === 'bury') applyDamage(root, damage)
  return root.value
}

type Slot = { holder: Record<string, unknown>; key: string }

function applyDamage(root: Record<string, unknown>, { place, other, action }: Damage): void {
  const slots = slotsOf(root)
  const slot = slots[place % slots.length]
  const second = slots[other % slots.length]
  if (slot === undefined || second === undefined) return
  const { holder, key } = slot
  if (action === 'remove') removeSlot(slot)
  else if (action === 'replace')
    holder[key] = structuredClone(ODD_VALUES[other % ODD_VALUES.length])
  else if (action === 'repeat') holder[key] = [holder[key], structuredClone(holder[key])]
  else if (action === 'bury') holder[key] = bury(holder[key])
  else
    [holder[key], second.holder[second.key]] = [
      structuredClone(second.holder[second.key]),
      structuredClone(holder[key]),
    ]
}

function removeSlot({ holder, key }: Slot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

function bury(value: unknown): unknown {
  let buried = value
  for (let level = 0; level < BURIED_LEVELS; level++)
    buried = level % 2 === 0 ? [buried] : { text: buried }
  return buried
}

/** Not deeper than real payloads go, so that a buried value is not walked. */
function slotsOf(root: Record<string, unknown>): Slot[] {
  const slots: Slot[] = []
  const walk = (holder: Record<string, unknown>, depth: number): void => {
    for (const key of Object.keys(holder)) {
      slots.push({ holder, key })
      const inner = holder[key]
      // An array is walked by its indices; both kinds are read and written by text keys here.
      if (typeof inner === 'object' && inner !== null && depth < 8)
        walk(inner as Record<string, unknown>, depth + 1)
    }
  }
  walk(root, 0)
  return slots
}
