import { describe, expect, it } from 'vitest'
import { canonicalJson, isSameJson } from './canonical-json.ts'

describe('canonicalJson', () => {
  it('puts the keys of objects in order, at any depth, and leaves lists as they are', () => {
    const value = { b: [{ d: 1, c: null }, 'x'], a: { f: false, e: 2 } }
    expect(canonicalJson(value)).toBe('{"a":{"e":2,"f":false},"b":[{"c":null,"d":1},"x"]}')
  })
})

describe('isSameJson', () => {
  it('minds the order of lists, not of keys', () => {
    expect(isSameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true)
    expect(isSameJson({ b: [1, 2] }, { b: [2, 1] })).toBe(false)
  })

  it('takes a key without a value for one that is not there', () => {
    expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true)
    expect(isSameJson({ a: 1, b: null }, { a: 1 })).toBe(false)
  })
})
