import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attribute, flattenAttributes } from './attributes.ts'

const outline = (value: Record<string, unknown>) =>
  flattenAttributes(value).map(({ path, textValue, numberValue }) => [path, textValue, numberValue])

const kinds = (value: Record<string, unknown>) =>
  flattenAttributes(value).map(({ path, kind, textValue }) => [path, kind, textValue])

describe('flattenAttributes', () => {
  it('gives each leaf by its dot path', () => {
    expect(outline({ region: 'EU', order: { id: 7, lines: { first: 'tea' } }, vip: true })).toEqual(
      [
        ['region', 'EU', null],
        ['order.id', '7', 7],
        ['order.lines.first', 'tea', null],
        ['vip', 'true', null],
      ],
    )
  })

  it('puts the elements of a list under the path of the list, each value once', () => {
    expect(outline({ tags: ['a', 'b', 'a'], lines: [{ sku: 1 }, { sku: 2 }] })).toEqual([
      ['tags', 'a', null],
      ['tags', 'b', null],
      ['lines.sku', '1', 1],
      ['lines.sku', '2', 2],
    ])
  })

  it.each([
    ['12.5', 12.5],
    ['-3', -3],
    ['007', 7],
    ['', null],
    ['12 apples', null],
    ['1e3', null],
    ['0x10', null],
    [' 1', null],
    ['9'.repeat(400), null],
  ])('compares the text %j as the number %j', (text, number) => {
    expect(flattenAttributes({ a: text })).toEqual([
      { path: 'a', kind: 'text', textValue: text, numberValue: number },
    ])
  })

  it('tells null from what is empty, which has no leaf', () => {
    expect(kinds({ a: null, b: {}, c: [], d: [null, {}, ''], e: '' })).toEqual([
      ['a', 'null', ''],
      ['d', 'null', ''],
      ['d', 'text', ''],
      ['e', 'text', ''],
    ])
  })

  it('tells a number, true and null from the same as text', () => {
    expect(kinds({ a: [60, '60', true, 'true', null, 'null'] })).toEqual([
      ['a', 'number', '60'],
      ['a', 'text', '60'],
      ['a', 'boolean', 'true'],
      ['a', 'text', 'true'],
      ['a', 'null', ''],
      ['a', 'text', 'null'],
    ])
  })

  it('keeps 500 characters of a text and 500 leaves of a value', () => {
    expect(flattenAttributes({ a: 'x'.repeat(501) })[0]?.textValue).toHaveLength(500)
    expect(flattenAttributes({ a: Array.from({ length: 600 }, (_, n) => n) })).toHaveLength(500)
  })

  it('stops at sixteen levels', () => {
    const nest = (levels: number): Record<string, unknown> =>
      levels === 1 ? { k: 1 } : { k: nest(levels - 1) }
    expect(flattenAttributes(nest(16))).toHaveLength(1)
    expect(flattenAttributes(nest(17))).toEqual([])
  })

  it('tells a dot or line break in a key from one in a value', () => {
    expect(outline({ 'a\nb': 'c', a: 'b\nc' })).toEqual([
      ['a\nb', 'c', null],
      ['a', 'b\nc', null],
    ])
  })

  it('gives no two leaves that are one key in SQL, whatever JSON comes', () => {
    const half = fc.constantFrom('\ud83d', '\ud83e', '\udc00', '😀', 'a', '1')
    const text = fc.array(half, { maxLength: 4 }).map((parts) => parts.join(''))
    const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))
    const value = fc.dictionary(text, fc.oneof(leaf, fc.array(leaf), fc.dictionary(text, leaf)))
    const key = ({ path, kind, textValue }: Attribute) =>
      `${kind} ${Buffer.from(path).toString('hex')} ${Buffer.from(textValue).toString('hex')}`
    fc.assert(
      fc.property(value, (metadata) => {
        const keys = flattenAttributes(metadata).map(key)
        expect(new Set(keys).size).toBe(keys.length)
      }),
      { numRuns: 500 },
    )
  })
})
