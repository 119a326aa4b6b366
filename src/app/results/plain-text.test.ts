import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

describe('plainText', () => {
  it('takes emphasis and code marks away', () => {
    expect(plainText('**Verdict**: no `order_number` at (00:07).')).toBe(
      'Verdict: no order_number at (00:07).',
    )
  })

  it('keeps stars and backticks that mark nothing', () => {
    expect(plainText('2 ** 3, a * b, one ` alone, **')).toBe('2 ** 3, a * b, one ` alone, **')
  })
})
