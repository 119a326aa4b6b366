import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasSeparator, splitValues } from './split-values.ts'

describe('splitValues', () => {
  it('splits at commas, semicolons, tabs and lines', () => {
    expect(splitValues('a, b;c\td\r\ne f\n')).toEqual(['a', 'b', 'c', 'd', 'e f'])
  })

  it('drops what is empty or there already', () => {
    expect(splitValues(',, a ,\n a,""')).toEqual(['a'])
    expect(splitValues('')).toEqual([])
  })

  it('keeps separators in quotes', () => {
    expect(splitValues('"Doe, Jane", Bob')).toEqual(['Doe, Jane', 'Bob'])
    expect(splitValues('"a ""b"", c"')).toEqual(['a "b", c'])
  })

  it('takes a quote inside a value as it is', () => {
    expect(splitValues('5" pipe, 6"')).toEqual(['5" pipe', '6"'])
    expect(splitValues('"open, end')).toEqual(['"open', 'end'])
  })

  it('gives trimmed values, each once, for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const values = splitValues(text)
        expect(values).toEqual([...new Set(values.map((value) => value.trim()))])
        expect(values).not.toContain('')
      }),
    )
  })
})

describe('hasSeparator', () => {
  it('sees separators outside of quotes only, also while the quotation is still being typed', () => {
    expect(hasSeparator('a,')).toBe(true)
    expect(hasSeparator('"Doe, J')).toBe(false)
    expect(hasSeparator('"Doe, Jane",')).toBe(true)
    expect(hasSeparator('plain')).toBe(false)
  })
})
