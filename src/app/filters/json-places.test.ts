import { describe, expect, it } from 'vitest'
import { parseFilterJson } from '#contract/filter-parse.ts'
import { placeOfIssue } from './json-places.ts'

/** The marked part of the text for each of its mistakes. */
function marks(text: string): string[] {
  const parsed = parseFilterJson(text)
  if (parsed.ok) return []
  return parsed.issues.map((issue) => {
    const { from, to } = placeOfIssue(text, issue)
    return text.slice(from, to)
  })
}

describe('placeOfIssue', () => {
  it('marks the value that is wrong, in the right one of several nodes', () => {
    const text = `{"operator": "and", "conditions": [
      {"field": "duration", "op": "gte", "value": 30},
      {"field": "topic", "op": "near", "value": "x"},
      {"operator": "or", "conditions": [{"field": "duration", "op": "gt", "value": "soon"}]}]}`
    expect(marks(text)).toEqual(['"near"', '"soon"'])
  })

  it('marks one element of a list', () => {
    const text = '{"field": "duration", "op": "in", "value": [1, 2, "soon", 4]}'
    expect(marks(text)).toEqual(['"soon"'])
  })

  it('marks the beginning of an object that lacks a key', () => {
    expect(marks('{"operator": "and", "conditions": [{"field": "topic", "op": "eq"}]}')).toEqual([
      '{',
    ])
  })

  it('marks where the JSON breaks', () => {
    // The comma at offset 20 is where a value should be.
    expect(marks('{"field": "topic", ,}')[0]).toBe(',')
    expect(marks('{')).toHaveLength(1)
  })
})
