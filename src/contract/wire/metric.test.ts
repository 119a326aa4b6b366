import { describe, expect, it } from 'vitest'
import type { Metric, MetricContent } from '../metric.ts'
import {
  fromWireMetric,
  NEW_METRIC,
  toMetricNames,
  toWireMetricDefinition,
  WireMetricDefinition,
  WireMetricInput,
} from './metric.ts'

function aMetric(content: Partial<MetricContent> = {}, fields: Partial<Metric> = {}) {
  return {
    id: 7,
    projectId: 1,
    wireType: '',
    code: 'politeness',
    slug: 'politeness',
    name: 'Politeness',
    version: 2,
    direction: 'higher' as const,
    category: null,
    isEnabled: true,
    isSampled: false,
    agentIds: [3, 4],
    isPredefined: false,
    inputs: [],
    createdAt: '2026-03-15T10:15:45.000Z',
    updatedAt: '2026-03-15T10:15:45.000Z',
    content: { ...NEW_METRIC.content, prompt: 'Was it polite?', ...content },
    ...fields,
  }
}

const WORDS = { family: 'v1', agentNames: new Map([[3, 'Front desk']]) } as const

const CONTENTS: [string, Partial<MetricContent>][] = [
  ['a question', {}],
  ['a question with a trigger', { trigger: { kind: 'prompt', prompt: 'A refund is asked for.' } }],
  ['a question that the judge may leave out', { trigger: { kind: 'automatic' } }],
  ['a rating', { evalType: 'rating', range: { min: 1, max: 5 } }],
  ['a rating without a scale', { evalType: 'rating' }],
  ['labels', { evalType: 'enum', enumValues: ['a', 'b'] }],
  ['a number in a unit', { evalType: 'numeric', unit: 'ms', range: { min: 0, max: 1 } }],
  [
    'a script with a trigger',
    { kind: 'custom_code', code: '_result = 1', trigger: { kind: 'code', code: '_result = true' } },
  ],
  ['our own code', { kind: 'computed', functionName: 'get_latency', configuration: { a: [1] } }],
  ['recorded results', { kind: 'recorded', prompt: '' }],
]

describe('a metric in the wire shape', () => {
  it.each(CONTENTS)('fits its schema: %s', (_, content) => {
    const wire = toWireMetricDefinition(aMetric(content), WORDS)
    expect(WireMetricDefinition.parse(wire)).toEqual(wire)
  })

  it.each(CONTENTS)('means what it did when it is sent back: %s', (_, content) => {
    const metric = aMetric(content)
    for (const family of ['v1', 'v2'] as const) {
      const wire = toWireMetricDefinition(metric, { ...WORDS, family })
      const read = fromWireMetric(WireMetricInput.parse(wire), metric)
      expect(read).toMatchObject({ ok: true, wishes: { content: metric.content } })
    }
  })

  it('names the agents that are still there', () => {
    expect(toWireMetricDefinition(aMetric(), WORDS)).toMatchObject({
      ...{ agent: [3, 4], agents: [3, 4], agent_names: ['Front desk'] },
    })
  })

  it('has a code where the catalogue or its sender gave it one', () => {
    const code = '5dedc41b'
    const codeOf = (content: Partial<MetricContent>, isPredefined: boolean) =>
      toMetricNames(aMetric(content, { code, isPredefined })).code
    expect([codeOf({}, true), codeOf({ kind: 'recorded' }, false), codeOf({}, false)]).toEqual([
      ...[code, code],
      '',
    ])
  })
})

describe('what a client wants of a metric', () => {
  const wishesOf = (wire: object, base = NEW_METRIC) => {
    const read = fromWireMetric(WireMetricInput.parse(wire), base)
    return read.ok ? read.wishes : read
  }

  it('is a question unless it brings a script', () => {
    expect(wishesOf({ description: 'Polite?' })).toMatchObject({ content: { kind: 'llm_judge' } })
    expect(wishesOf({ custom_code: '_result = 1' })).toMatchObject({
      content: { kind: 'custom_code' },
    })
  })

  it('keeps the older name of a yes or no', () => {
    expect(wishesOf({ eval_type: 'binary_qualitative' })).toMatchObject({
      ...{ wireType: 'binary_qualitative', content: { evalType: 'binary' } },
    })
    const named = { ...NEW_METRIC, wireType: 'binary_qualitative' }
    expect(wishesOf({ eval_type: 'binary' }, named)).toMatchObject({
      wireType: 'binary_qualitative',
    })
  })

  it('loses scale and unit with its type, and its function with its kind', () => {
    const { content } = aMetric({ evalType: 'numeric', unit: 'ms', range: { min: 0, max: 9 } })
    const base = { content: { ...content, functionName: 'f' }, wireType: '' }
    expect(wishesOf({ eval_type: 'continuous_qualitative' }, base)).toMatchObject({
      content: { unit: '', range: { min: 0, max: 5 }, functionName: 'f' },
    })
    expect(wishesOf({ type: 'custom_code' }, base)).toMatchObject({
      content: { unit: 'ms', functionName: null },
    })
  })

  it('says when it applies, or is refused', () => {
    expect(wishesOf({ evaluation_trigger: 'automatic' })).toMatchObject({
      content: { trigger: { kind: 'automatic' } },
    })
    expect(wishesOf({ evaluation_trigger: 'custom', trigger_type: 'custom_code' })).toMatchObject({
      ...{ ok: false, field: 'evaluation_trigger_custom_code' },
    })
    const asked = aMetric({ trigger: { kind: 'prompt', prompt: 'Before.' } })
    expect(wishesOf({ evaluation_trigger_prompt: 'After.' }, asked)).toMatchObject({
      content: { trigger: { kind: 'prompt', prompt: 'After.' } },
    })
  })
})
