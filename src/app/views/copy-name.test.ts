import { describe, expect, it } from 'vitest'
import { ViewName } from '#contract/view.ts'
import { copyName } from './copy-name.ts'

describe('copyName', () => {
  it('says that it is a copy, also of the longest name', () => {
    expect(copyName('Failed')).toBe('Failed (copy)')
    // 80 characters at most, of which " (copy)" takes 7.
    expect(copyName('x'.repeat(80))).toBe(`${'x'.repeat(73)} (copy)`)
    expect(ViewName.safeParse(copyName('x'.repeat(80))).success).toBe(true)
  })
})
