import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumberText, parseNumberText } from './number-text.ts'

describe('parseNumberText', () => {
  it.each([
    ['12', 12],
    [' -0.5 ', -0.5],
    ['−3', -3],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1 000 000', 1_000_000],
    ['-0', 0],
  ])('reads %j', (text, value) => {
    expect(parseNumberText(text)).toBe(value)
  })

  it.each(['', 'abc', '1,5', '1,500', '1 2', '12px', '0x10', '1e999', 'Infinity', '--1', '.'])(
    'refuses %j',
    (text) => {
      expect(parseNumberText(text)).toBeNull()
    },
  )

  it('takes its own unit after the number and no other', () => {
    expect(parseNumberText('300 ms', 'ms')).toBe(300)
    expect(parseNumberText('30%', '%')).toBe(30)
    expect(parseNumberText('300 s', 'ms')).toBeNull()
    expect(parseNumberText('ms', 'ms')).toBeNull()
  })

  it('reads back what formatNumberText writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumberText(formatNumberText(value))).toBe(value + 0)
      }),
    )
  })
})
