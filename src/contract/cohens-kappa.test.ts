import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cohensKappa } from './cohens-kappa.ts'

/** Rows are what one side said, columns the other, in the same order. */
function kappaOf(table: readonly (readonly number[])[]): number | null {
  const pairings = table.flatMap((row, said) =>
    row.map((count, shouldBe) => ({ said, shouldBe, count })),
  )
  return cohensKappa(pairings)
}

describe('Cohen’s kappa', () => {
  it('takes away what chance would give', () => {
    // 50 calls. Both said the same of 20 + 15 = 35: 0.7.
    // Rows 25 and 25, columns 30 and 20: by chance (25 * 30 + 25 * 20) / 2500 = 0.5.
    // (0.7 - 0.5) / (1 - 0.5) = 0.4
    expect(
      kappaOf([
        [20, 5],
        [10, 15],
      ]),
    ).toBeCloseTo(0.4, 12)
  })

  it('weighs three classes', () => {
    // 10 calls, 3 + 2 + 2 = 7 the same: 0.7. Rows 4, 3, 3; columns 3, 4, 3.
    // By chance (4 * 3 + 3 * 4 + 3 * 3) / 100 = 0.33. (0.7 - 0.33) / 0.67 = 0.37 / 0.67
    expect(
      kappaOf([
        [3, 1, 0],
        [0, 2, 1],
        [0, 1, 2],
      ]),
    ).toBeCloseTo(0.37 / 0.67, 12)
  })

  it('is below 0 where people say the reverse', () => {
    // None the same; by chance (2 * 2 + 2 * 2) / 16 = 0.5. (0 - 0.5) / 0.5 = -1
    expect(
      kappaOf([
        [0, 2],
        [2, 0],
      ]),
    ).toBe(-1)
  })

  it('is 0 where agreement is what chance gives', () => {
    expect(
      kappaOf([
        [9, 3],
        [3, 1],
      ]),
    ).toBeCloseTo(0, 12)
  })

  it('is not known of one class, of one vote, or of none', () => {
    expect(kappaOf([])).toBeNull()
    expect(kappaOf([[7]])).toBeNull()
    expect(
      kappaOf([
        [0, 1],
        [0, 0],
      ]),
    ).toBeNull()
    // The metric always says yes: half of it is right, and a coin would do the same.
    expect(
      kappaOf([
        [5, 5],
        [0, 0],
      ]),
    ).toBeNull()
  })

  it('is from -1 to 1, whichever side is asked first', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const kappa = kappaOf(table)
        const turned = kappaOf(table.map((_, place) => table.map((row) => row[place] ?? 0)))
        expect(turned === null).toBe(kappa === null)
        if (kappa === null) return
        expect(turned).toBeCloseTo(kappa, 9)
        expect(kappa).toBeGreaterThanOrEqual(-1 - 1e-9)
        expect(kappa).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('adds the counts of one pair up', () => {
    const yes = { said: true, shouldBe: true, count: 1 }
    const no = { said: false, shouldBe: false, count: 1 }
    const wrong = { said: true, shouldBe: false, count: 1 }
    // 4 of 5 the same. By chance (3 * 2 + 2 * 3) / 25 = 0.48. (0.8 - 0.48) / 0.52 = 0.32 / 0.52
    expect(cohensKappa([yes, no, wrong, no, yes])).toBeCloseTo(0.32 / 0.52, 12)
  })

  it('costs what the counts cost, however many classes they have', () => {
    const pairings = Array.from({ length: 30_000 }, (_, place) => ({
      said: `label ${place}`,
      shouldBe: `label ${place % 2 === 0 ? place : place - 1}`,
      count: 1,
    }))
    // Half is the same. By chance 15 000 * (1 * 2) / 30 000^2 = 1/30 000. (1/2 - 1/30 000) / (1 - 1/30 000)
    expect(cohensKappa(pairings)).toBeCloseTo((0.5 - 1 / 30_000) / (1 - 1 / 30_000), 12)
  })

  it('is 1 where two or more classes are always the same', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(counts, (own) => {
        const table = own.map((count, place) =>
          own.map((_, other) => (other === place ? count : 0)),
        )
        expect(kappaOf(table)).toBeCloseTo(1, 12)
      }),
    )
  })
})

const anyTable = fc.integer({ min: 1, max: 4 }).chain((size) =>
  fc.array(fc.array(fc.nat({ max: 30 }), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
)
