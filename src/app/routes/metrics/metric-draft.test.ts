import { describe, expect, it } from 'vitest'
import {
  draftFaults,
  isNewContent,
  type MetricDraft,
  NEW_METRIC,
  toChange,
  toContent,
} from './metric-draft.ts'

const judged: MetricDraft = {
  ...NEW_METRIC,
  name: 'Friendly',
  content: { ...NEW_METRIC.content, prompt: 'Was the agent friendly?' },
}

function withContent(changes: Partial<MetricDraft['content']>): MetricDraft {
  return { ...judged, content: { ...judged.content, ...changes } }
}

describe('toChange', () => {
  it('is empty for an untouched draft, whatever the order of keys', () => {
    const { prompt, ...rest } = judged.content
    expect(toChange(judged, { ...judged, content: { prompt, ...rest } })).toEqual({})
  })

  it('holds the settings that differ, without the content', () => {
    expect(toChange(judged, { ...judged, isSampled: true, agentIds: [2] })).toEqual({
      isSampled: true,
      agentIds: [2],
    })
  })

  it('holds the content as a whole once any of it differs', () => {
    const after = withContent({ prompt: 'Was it kind?' })
    expect(toChange(judged, after)).toEqual({ content: after.content })
  })
})

describe('toContent', () => {
  it('drops what the type has no use for', () => {
    const content = { ...judged.content, unit: 'ms', enumValues: ['a'], code: 'x' }
    expect(toContent(content)).toMatchObject({ unit: '', enumValues: [], range: null, code: '' })
  })

  it('gives a rating the scale of 0 to 5 where none was set', () => {
    expect(toContent({ ...judged.content, evalType: 'rating' }).range).toEqual({ min: 0, max: 5 })
  })

  it('leaves a computed metric as its code defines it', () => {
    const content = { ...judged.content, kind: 'computed' as const, unit: 'ms' }
    expect(toContent(content)).toBe(content)
  })
})

describe('isNewContent', () => {
  it('is false for settings, and for labels typed and then not wanted', () => {
    expect(isNewContent(judged, { ...judged, name: 'Kind', isEnabled: false })).toBe(false)
    expect(isNewContent(judged, withContent({ enumValues: ['left over'] }))).toBe(false)
  })

  it('is true for another prompt', () => {
    expect(isNewContent(judged, withContent({ prompt: 'Was it kind?' }))).toBe(true)
  })
})

describe('draftFaults', () => {
  it('finds nothing in a whole metric', () => {
    expect(draftFaults(judged)).toEqual({})
  })

  it('names every field that is missing', () => {
    const faults = draftFaults({
      ...NEW_METRIC,
      content: { ...NEW_METRIC.content, evalType: 'enum' },
    })
    expect(Object.keys(faults)).toEqual(['name', 'prompt', 'enumValues'])
  })

  it('refuses a range that is upside down and a trigger that asks nothing', () => {
    const faults = draftFaults(
      withContent({ range: { min: 5, max: 5 }, trigger: { kind: 'prompt', prompt: ' ' } }),
    )
    expect(Object.keys(faults)).toEqual(['range', 'trigger'])
  })
})
