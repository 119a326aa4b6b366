import { expect, it } from 'vitest'
import { formatRoughDuration } from './rough-duration.ts'

it.each([
  [10, 'less than a minute'],
  [90, 'about 2 min'],
  [3600, 'about 1 h'],
  [7500, 'about 2 h 5 min'],
])('says %d seconds in words', (seconds, words) => {
  expect(formatRoughDuration(seconds)).toBe(words)
})
