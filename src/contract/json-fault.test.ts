import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from './json-fault.ts'

describe('findJsonFault', () => {
  it.each([
    ['{"a": tru}', 1, 7, 'expected a value, got “t”'],
    ['{\n  "a": 1,\n}', 3, 1, 'expected a key in double quotes, got “}”'],
    ['{"a" 1}', 1, 6, 'expected “:”, got “1”'],
    ['[1, 2', 1, 6, 'expected “,” or “]”, got the end'],
    ['[1}', 1, 3, 'expected “,” or “]”, got “}”'],
    ['{} x', 1, 4, 'expected the end of the text, got “x”'],
    ["{'a': 1}", 1, 2, "expected a key in double quotes or “}”, got “'”"],
    ['["a', 1, 2, 'expected a value or “]”, got “"”'],
    ['[01]', 1, 3, 'expected “,” or “]”, got “1”'],
  ])('says where %j stops being JSON', (text, line, column, message) => {
    expect(findJsonFault(text)).toMatchObject({ line, column, message })
  })

  it('finds no fault in JSON, and one in everything else', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', ',', '}', ']', '0', '\\'),
        (json, at, bit) => {
          const cut = at % (json.length + 1)
          const damaged = json.slice(0, cut) + bit + json.slice(cut + 1)
          const fault = findJsonFault(damaged)
          expect(fault === null).toBe(isJson(damaged))
          expect(fault?.offset ?? 0).toBeLessThanOrEqual(damaged.length)
        },
      ),
    )
  })

  it('is not brought down by depth', () => {
    expect(findJsonFault('['.repeat(50_000))).toMatchObject({ offset: 50_000 })
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
