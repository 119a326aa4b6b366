import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertKnown,
  InvalidSelection,
  leavesOut,
  parseSelection,
  selectFields,
} from './select-fields.ts'

const call = { id: 7, call_id: 'a', evaluation: { metrics: [{ id: 1, name: 'CSAT' }] } }

const select = (text: string) => selectFields(call, parseSelection(text))

describe('a selection', () => {
  it.each([
    ['{id}', { id: 7 }],
    ['{id,call_id}', { id: 7, call_id: 'a' }],
    [' { id , call_id , } ', { id: 7, call_id: 'a' }],
    ['{*}', call],
    ['{*,id}', call],
    ['{-evaluation}', { id: 7, call_id: 'a' }],
    ['{-id,-call_id}', { evaluation: { metrics: [{ id: 1, name: 'CSAT' }] } }],
    ['{evaluation{metrics{name}}}', { evaluation: { metrics: [{ name: 'CSAT' }] } }],
    ['{*,evaluation{metrics{-name}}}', { ...call, evaluation: { metrics: [{ id: 1 }] } }],
    ['{}', {}],
  ])('%s picks from the call what it names', (text, expected) => {
    expect(select(text)).toEqual(expected)
  })

  it.each([
    ['', 'Expected "{" at item 1, got the end.'],
    ['id', 'Expected "{" at item 1, got "id".'],
    ['{id', 'Expected "," or "}" at item 3, got the end.'],
    ['{id}}', 'Expected the end at item 4, got "}".'],
    ['{id call_id}', 'Expected "," or "}" at item 3, got "call_id".'],
    ['{,}', 'Expected a field name at item 2, got ",".'],
    ['{-}', 'Expected a field name at item 3, got "}".'],
  ])('%s is refused with its place', (text, message) => {
    expect(() => parseSelection(text)).toThrow(new InvalidSelection(message))
  })

  it.each(['nonsense', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'refuses the name %s, which the call does not have',
    (name) => {
      expect(() => select(`{${name}}`)).toThrow(InvalidSelection)
      expect(() => select(`{-${name}}`)).toThrow(InvalidSelection)
      expect(() => select(`{evaluation{${name}}}`)).toThrow(InvalidSelection)
    },
  )

  it('can be checked before there is a call', () => {
    expect(() => assertKnown(parseSelection('{id,-call_id}'), ['id', 'call_id'])).not.toThrow()
    expect(() => assertKnown(parseSelection('{id,x}'), ['id'])).toThrow(/"x" is not a field here/)
  })

  it('tells what need not be loaded', () => {
    expect(leavesOut(parseSelection('{id}'), 'transcript')).toBe(true)
    expect(leavesOut(parseSelection('{id}'), 'id')).toBe(false)
    expect(leavesOut(parseSelection('{-transcript}'), 'transcript')).toBe(true)
    expect(leavesOut(parseSelection('{*}'), 'transcript')).toBe(false)
  })

  it('throws nothing but InvalidSelection, whatever is written', () => {
    const scrap = fc.constantFrom(
      '{',
      '}',
      ',',
      '-',
      '*',
      ' ',
      'id',
      'evaluation',
      'metrics',
      '__proto__',
      '😀',
      '\0',
    )
    const texts = fc.oneof(
      fc.string(),
      fc.array(scrap, { maxLength: 200 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          select(text)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidSelection)
        }
      }),
      { numRuns: 2000 },
    )
    for (const text of ['{'.repeat(100_000), '{a'.repeat(100_000), '{a{'.repeat(100_000)]) {
      expect(() => parseSelection(text)).toThrow(InvalidSelection)
    }
  })

  it('of names keeps exactly these, in any spelling of spaces', () => {
    const names = fc.uniqueArray(fc.constantFrom(...Object.keys(call)), { minLength: 1 })
    const space = fc.constantFrom('', ' ', '\n\t')
    fc.assert(
      fc.property(names, space, (kept, gap) => {
        const text = `{${kept.map((name) => gap + name + gap).join(',')}}`
        expect(Object.keys(select(text) as object)).toEqual(kept)
      }),
    )
  })
})
