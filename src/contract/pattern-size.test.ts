import { describe, expect, it } from 'vitest'
import { patternSize } from './pattern-size.ts'

describe('patternSize', () => {
  it.each([
    ['', 1],
    ['abc', 3],
    ['a{1000}', 1000],
    ['a{2,30}b', 31], // thirty and one
    ['a{5,}', 5],
    ['\\pL{1000}\\p{Greek}{7}', 1307], // 1000 and 7, and 150 for each class
    ['(?i)[\\PL\\PL]', 301],
    ['[^]a{3}[:alpha:]\\]]{10}', 10],
    ['(?:a{10}){10}', 110], // ten times ten and one for the group
    ['((a{10}){10}){10}', 1110], // (10 · 10 + 10 + 1) · 10, with one for each group
    ['(?i)(?P<name>ab){3}', 9],
    ['\\x{1000}', 1],
    ['\\Qa{1000}\\E', 7],
    ['a{,5}', 5], // not a repetition to RE2
    ['a\\{9\\}', 4],
    ['((((', 1],
  ])('of %s is %j', (pattern, size) => {
    expect(patternSize(pattern)).toBe(size)
  })
})
