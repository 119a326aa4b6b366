import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { patternSize } from '#contract/pattern-size.ts'
import { isPattern } from './re2-pattern.ts'

describe('isPattern', () => {
  it('takes RE2 syntax and refuses what else there is', () => {
    expect(['a+', '(?i)^x{3,5}$', '\\p{Greek}'].map(isPattern)).toEqual([true, true, true])
    expect(['(', '(?=a)', '(a)\\1'].map(isPattern)).toEqual([false, false, false])
  })

  it('refuses patterns of large programs without making them', () => {
    // Made, each has 20,000 steps and takes about 50 ms: 5 s in all.
    const bombs = Array.from({ length: 100 }, (_, index) => '\\pL{1000}'.repeat(20) + index)
    const start = performance.now()
    expect(bombs.some(isPattern)).toBe(false)
    expect(performance.now() - start).toBeLessThan(500)
  })

  it('refuses patterns of many Unicode classes without making them', () => {
    // Made, each takes about 60 ms: 3 s in all.
    const bombs = Array.from({ length: 50 }, (_, index) => `(?i)[${'\\PL'.repeat(60)}]${index}`)
    const start = performance.now()
    expect(bombs.some(isPattern)).toBe(false)
    expect(performance.now() - start).toBeLessThan(500)
    expect(isPattern('(?i)\\PL\\p{Greek}+')).toBe(true)
  })

  it('does not make a known pattern again', () => {
    // Made anew, 5,000 times 2 ms.
    const start = performance.now()
    for (let turn = 0; turn < 5000; turn++) isPattern('\\pL{1000}')
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('patternSize', () => {
  it('tells how large a program becomes, up to three times', () => {
    const atoms = ['a', '.', '\\pL', '[a-z]', '\\d', '[]x]', '\\x{61}', '[[:alpha:]]', '\\Qa{9}\\E']
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(...atoms),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('{7}', '{2,9}', '{4,}', '*', '+?', '?', '{0,5}'))
          .map(([a, repeat]) => `(${a})${repeat}`),
      ),
    }))
    fc.assert(
      fc.property(pattern, (text) => {
        fc.pre(isPattern(text))
        // A few steps begin and end every program.
        expect(RE2JS.compile(text).programSize()).toBeLessThanOrEqual(3 * patternSize(text) + 5)
      }),
    )
  })
})
