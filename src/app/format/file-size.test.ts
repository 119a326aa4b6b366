import { describe, expect, it } from 'vitest'
import { formatFileSize } from './file-size.ts'

describe('formatFileSize', () => {
  it('keeps whole bytes below a kilobyte', () => {
    expect(formatFileSize(0)).toBe('0 B')
    expect(formatFileSize(999)).toBe('999 B')
  })

  it('shows one decimal below a hundred of a unit and drops a zero', () => {
    expect(formatFileSize(1000)).toBe('1 KB')
    expect(formatFileSize(12_440_000)).toBe('12.4 MB')
    expect(formatFileSize(340_200)).toBe('340 KB')
  })

  it('moves to the next unit rather than write 1000', () => {
    expect(formatFileSize(999_960)).toBe('1 MB')
    expect(formatFileSize(1_500_000_000)).toBe('1.5 GB')
  })
})
