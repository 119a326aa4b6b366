import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFilter } from '#testing/filter-arbitrary.ts'
import {
  CALL_FIELDS,
  EVERY_CALL,
  type FilterGroup,
  type FilterNode,
  type FilterOp,
  type FilterRule,
  type GroupOperator,
  isGroup,
} from './filter.ts'
import { readFilter } from './filter-url.ts'
import {
  describeFilter,
  describeNode,
  describeRule,
  describeSelection,
  type FilterNames,
  fieldLabel,
  opLabel,
  valueText,
} from './filter-words.ts'

const NAMES: FilterNames = {
  metricName: (id) => (id === 35 ? 'Accuracy' : undefined),
  agentName: (id) => (id === 5 ? 'Reception' : undefined),
}

function read(text: string): FilterGroup {
  const parsed = readFilter(text)
  if (!parsed.ok) throw new Error(parsed.issues[0]?.message)
  return parsed.filter
}

function sentence(text: string): string {
  return describeFilter(read(text), NAMES)
}

function rule(text: string): FilterRule {
  const [node] = read(text).conditions
  if (node === undefined || isGroup(node)) throw new Error(`No rule: ${text}`)
  return node
}

describe('describeFilter', () => {
  it.each([
    ['', 'Every call'],
    ['success.eq.false', 'Calls that failed'],
    [
      'or(success.eq.false,status.eq.reviewed_failure)',
      'Calls that failed or whose status on the wire is Reviewed failure',
    ],
    [
      'success.eq.false,longest_response_gap.gt.3,is_reviewed.eq.false',
      'Calls that failed, whose longest response gap is over 3s and that were not reviewed',
    ],
    [
      'or(success.eq.false,outcome.eq.reviewed_failure),longest_response_gap.gt.3,not(topic.contains.refund)',
      'Calls either that failed or whose status is Reviewed failure, and whose longest response gap is over 3s, but none whose topic contains “refund”',
    ],
    [
      'or(success.eq.true,and(duration.lt.60,has_recording.eq.true,tag.isnull.true))',
      'Calls that succeeded, or (whose duration is under 1m, with a recording and without a tag)',
    ],
    [
      'not(tag.eq.spam,is_demo.eq.true)',
      'Every call except those tagged “spam” or that are demo calls',
    ],
    [
      'not(tag.eq.spam),duration.gte.90',
      'Calls not among those (tagged “spam”), and whose duration is at least 1m 30s',
    ],
    [
      'same_row(metric_evaluations.metric.name.eq.Latency,metric_evaluations.value.gt.2500)',
      'Calls with one metric result whose metric name is “Latency” and whose value is over 2500',
    ],
    [
      'agent.id.eq.5,same_row(metric_evaluations.metric.id.eq.35,metric_evaluations.passed.eq.false)',
      'Calls whose agent is Reception (5), and with one metric result (whose metric number is Accuracy (35) and that failed)',
    ],
    [
      'same_row(metric_evaluations.score.lt.1,updated_at.gt.today,or(tag.eq.a,success.eq.false))',
      'Calls with one metric result whose score is under 1, and in a call that last changed after the start of today (UTC), and either in a call tagged “a” or in a call that failed',
    ],
    ['same_row(topic.eq.a,tag.eq.b)', 'Calls whose topic is “a” and tagged “b”'],
    ['metric_evaluations.35.score.gte.0.9', 'Calls whose score of “Accuracy” is at least 0.9'],
    ['metric_evaluations.36.score.gte.0.9', 'Calls whose score of metric 36 is at least 0.9'],
    ['metric_evaluations.35.passed.eq.false', 'Calls whose result of “Accuracy” failed'],
    ['metric_evaluations.passed.neq.true', 'Calls with no metric result that passed'],
    [
      'metric_evaluations.passed.isnull.true',
      'Calls with no metric result whose “passed” is not empty',
    ],
    ['metric_evaluations.value.neq.x', 'Calls with no metric result whose value is “x”'],
    [
      'metadata.plan.in.(gold,7,null,""),metadata.my key.eq.true',
      'Calls whose metadata.plan is one of “gold”, 7, null or empty text and whose “metadata.my key” is true',
    ],
    ['tag.in.(spam,test call)', 'Calls tagged “spam” or “test call”'],
    ['transcript.contains.my order', 'Calls in which “my order” is said'],
    [
      'interruptions.gt.2,silence_share.lte.0.07',
      'Calls whose number of interruptions is over 2 and whose silence share is at most 7%',
    ],
    [
      'topic.isnull.true,reviewer.isnull.false',
      'Calls whose topic is empty and whose reviewer is not empty',
    ],
  ])('says %j in English', (text, expected) => {
    expect(sentence(text)).toBe(expected)
  })

  it.each([
    ['gte.now-7d', 'started in the last 7 days'],
    ['gte.now-1h', 'started in the last hour'],
    ['gt.now-2M', 'started after 2 months ago'],
    ['lt.now-1w', 'started before 1 week ago'],
    ['eq.today', 'started today (UTC)'],
    ['neq.today-1d', 'started on any day but yesterday (UTC)'],
    ['neq.now-1d', 'started at any time but 1 day ago'],
    ['gte.today', 'started today (UTC) or later'],
    ['eq.today-3d', 'started on the day 3 days before today (UTC)'],
    ['lte.2026-03-01', 'started on 1 March 2026 (UTC) or earlier'],
    ['lt.2026-03-01', 'started before the end of 1 March 2026 (UTC)'],
    ['gt.2026-03-01', 'started after the start of 1 March 2026 (UTC)'],
    ['gte.2026-03-01T09:05Z', 'started at 1 March 2026, 09:05 UTC or later'],
    ['lt.2026-03-01T09:05:10.500+01:00', 'started before 1 March 2026, 08:05:10.5 UTC'],
  ])('says timestamp.%s as a person would', (text, expected) => {
    expect(sentence(`timestamp.${text}`)).toBe(`Calls that ${expected}`)
  })

  it('leaves out what is disabled or asks nothing', () => {
    expect(sentence('~success.eq.false,or(~topic.eq.x),tag.eq.a')).toBe('Calls tagged “a”')
    expect(sentence('~or(success.eq.false,topic.eq.x)')).toBe('Every call')
    expect(describeFilter({ operator: 'not', conditions: [EVERY_CALL] })).toBe('Every call')
  })

  it('never says two groupings of the same rules alike', () => {
    for (const letters of ['ABC', 'ABCD']) {
      const trees = groupings([...letters].map(named))
      const sentences = new Set(trees.map((tree) => describeFilter(tree)))
      expect(sentences.size).toBe(trees.length)
    }
    // Three rules in a row: 2 flat groups, 2 * 2 each for (ab)c and a(bc); `not` on top of that.
    const withoutNot = groupings([...'ABC'].map(named), ['and', 'or'])
    expect(withoutNot).toHaveLength(10)
  })

  it('says something of every filter, and always the same', () => {
    fc.assert(
      fc.property(anyFilter(), (filter) => {
        const words = describeFilter(filter, NAMES)
        expect(words).toMatch(/^(Every call|Calls )/)
        expect(words).not.toMatch(/undefined|NaN|\[object/)
        expect(describeFilter(structuredClone(filter), NAMES)).toBe(words)
      }),
    )
  })
})

function named(topic: string): FilterRule {
  return { field: 'topic', op: 'eq', value: topic }
}

/** Every tree over these rules, in this order, of groups that have two conditions at least, or one in a `not`. */
function groupings(
  rules: readonly FilterRule[],
  operators: readonly GroupOperator[] = ['and', 'or', 'not'],
): FilterGroup[] {
  const [only, second] = rules
  if (only === undefined) return []
  if (second === undefined) return operators.includes('not') ? [group('not', [only])] : []
  return splits(rules).flatMap((parts) => {
    const choices = parts.map((part): FilterNode[] => [
      ...(part.length === 1 ? part : []),
      ...groupings(part, operators),
    ])
    return operators.flatMap((operator) => products(choices).map((nodes) => group(operator, nodes)))
  })
}

function group(operator: GroupOperator, conditions: readonly FilterNode[]): FilterGroup {
  return { operator, conditions }
}

/** The ways to cut a list into two parts or more. */
function splits<T>(list: readonly T[]): T[][][] {
  const cuts = Array.from({ length: 2 ** (list.length - 1) - 1 }, (_, index) => index + 1)
  return cuts.map((bits) =>
    list.reduce<T[][]>((parts, one, index) => {
      if (index > 0 && (bits & (1 << (index - 1))) === 0) parts.at(-1)?.push(one)
      else parts.push([one])
      return parts
    }, []),
  )
}

function products<T>(choices: readonly T[][]): T[][] {
  return choices.reduce<T[][]>(
    (lists, options) => lists.flatMap((list) => options.map((option) => [...list, option])),
    [[]],
  )
}

describe('describeRule', () => {
  it.each([
    ['duration.gte.90', 'Duration is at least 1m 30s'],
    ['duration.lt.3605', 'Duration is under 1h 0m 5s'],
    ['duration.lt.0.5', 'Duration is under 0.5s'],
    ['has_recording.eq.false', 'Has a recording: no'],
    ['success.neq.true', 'Success: not yes'],
    ['success.isnull.true', 'Success is empty'],
    ['timestamp.gte.now-7d', 'Started in the last 7 days'],
    ['timestamp.isnull.false', 'Started is not empty'],
    ['transcript.contains.my order', 'Transcript says “my order”'],
    ['metric_evaluations.35.value.eq.true', 'Accuracy: value is true'],
    ['metric_evaluations.value.eq."true"', 'Any metric: value is “true”'],
    ['is_reviewed.in.(true)', 'Reviewed is yes'],
    ['tag.in.()', 'Tag is one of an empty list'],
    [
      'agent.id.in.(1,2,3,4,5,6,7,8,9,10,11,12)',
      'Agent number is one of 1, 2, 3, 4, Reception (5), 6, 7, 8, 9, 10 or 2 more',
    ],
  ])('says %j', (text, expected) => {
    expect(describeRule(rule(text), NAMES)).toBe(expected)
  })

  it('says a disabled rule as if it were not', () => {
    expect(describeRule(rule('~topic.eq.x'))).toBe('Topic is “x”')
    expect(describeNode(rule('~topic.eq.x'))).toBe('Topic is “x”')
  })
})

describe('describeNode', () => {
  it('says a group as a filter of its own, disabled or not', () => {
    const node: FilterGroup = { ...read('or(topic.eq.a,topic.eq.b)'), disabled: true }
    expect(describeNode(node)).toBe('Calls whose topic is “a” or whose topic is “b”')
  })
})

describe('fieldLabel', () => {
  it('names what the registry, the metrics or the data name', () => {
    expect(fieldLabel('agent_name')).toBe('Agent')
    expect(fieldLabel('metadata.order.plan')).toBe('metadata.order.plan')
    expect(fieldLabel('metric_evaluations.35.value', NAMES)).toBe('Accuracy: value')
    expect(fieldLabel('metric_evaluations.36.value', NAMES)).toBe('Metric 36: value')
    expect(fieldLabel('nothing')).toBe('nothing')
  })

  it('keeps dollar signs of a metric name', () => {
    expect(fieldLabel('metric_evaluations.1.value', { metricName: () => '$& $1' })).toBe(
      '$& $1: value',
    )
  })
})

describe('opLabel', () => {
  it('speaks of times as before and after', () => {
    const ops: FilterOp[] = ['eq', 'gt', 'lte']
    expect(ops.map((op) => opLabel(op, CALL_FIELDS.timestamp))).toEqual([
      'is',
      'is after',
      'is at or before',
    ])
    expect(ops.map((op) => opLabel(op, CALL_FIELDS.duration))).toEqual([
      'is',
      'is over',
      'is at most',
    ])
  })
})

describe('describeSelection', () => {
  it.each([
    ['', 'cancel', 'Calls that mention “cancel”'],
    ['', ' ', 'Every call'],
    ['success.eq.false', '', 'Calls that failed'],
    [
      'or(success.eq.false,tag.eq.a)',
      'cancel',
      'Calls that failed or tagged “a”, and of these only those that mention “cancel”',
    ],
  ])('says the filter %j with the searched words %j', (text, search, expected) => {
    expect(describeSelection({ filter: read(text), search })).toBe(expected)
  })
})

describe('valueText', () => {
  it('shows times, choices and metadata as they are', () => {
    expect(valueText(rule('timestamp.gte.today'))).toBe('today (UTC)')
    expect(valueText(rule('outcome.in.(success,not-evaluated)'))).toBe('Success, Not evaluated')
    expect(valueText(rule('metadata.x.eq."60"'))).toBe('“60”')
  })
})
