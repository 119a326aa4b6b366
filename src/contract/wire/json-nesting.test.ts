import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNestedTooDeep, MAX_NESTING } from './json-nesting.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('isNestedTooDeep', () => {
  it('allows exactly the limit', () => {
    expect(isNestedTooDeep(nested(MAX_NESTING))).toBe(false)
    expect(isNestedTooDeep(nested(MAX_NESTING + 1))).toBe(true)
  })

  it('counts lists and objects together', () => {
    const pairs = MAX_NESTING / 2
    expect(isNestedTooDeep('[{"a":'.repeat(pairs))).toBe(false)
    expect(isNestedTooDeep(`${'[{"a":'.repeat(pairs)}[`)).toBe(true)
  })

  it('does not count what lies side by side', () => {
    expect(isNestedTooDeep(`[${'[],'.repeat(1000)}[]]`)).toBe(false)
  })

  it('does not count brackets inside of texts', () => {
    expect(isNestedTooDeep(JSON.stringify({ text: '['.repeat(1000) }))).toBe(false)
    expect(isNestedTooDeep(JSON.stringify({ text: `\\"${'['.repeat(1000)}\\` }))).toBe(false)
    // The text ends at the quote behind two backslashes, which are one character; the brackets are real.
    expect(isNestedTooDeep(`["\\\\",${'['.repeat(1000)}`)).toBe(true)
  })

  it('agrees with the depth of any value', () => {
    const depthOf = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : 1 + Math.max(0, ...Object.values(value).map(depthOf))
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 8 },
        fc.string(),
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree')),
      ),
    }))
    fc.assert(
      fc.property(tree, fc.integer({ min: 0, max: MAX_NESTING }), (value, around) => {
        const json = '['.repeat(around) + JSON.stringify(value) + ']'.repeat(around)
        expect(isNestedTooDeep(json)).toBe(around + depthOf(value) > MAX_NESTING)
      }),
    )
  })

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', '}', 'a') }), (text) => {
        expect(typeof isNestedTooDeep(text)).toBe('boolean')
      }),
    )
  })

  it('is quick on megabytes of quotes and backslashes', () => {
    const start = performance.now()
    isNestedTooDeep(`"${'\\'.repeat(4_000_000)}"`)
    isNestedTooDeep('"'.repeat(4_000_000))
    isNestedTooDeep(`"${'\\"'.repeat(2_000_000)}`)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
