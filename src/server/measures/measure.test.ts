import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countInterruptions, type Stretch } from '#contract/conversation.ts'
import { Finding } from '#contract/metric-result.ts'
import type { ChannelSpeech } from '#contract/recording-speech.ts'
import { type Segment, Timing, transcriptEndSeconds } from '#contract/transcript.ts'
import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import { MEASURE_NAMES, measure } from './measure.ts'
import { aCall, agentSays, callerSays, measured, toolAnswers } from './measured-call-builder.ts'
import { type MeasuredCall, prepareCall } from './prepare-call.ts'

const seconds = fc
  .oneof(fc.integer({ min: -1, max: 90 }), fc.double({ min: 0, max: 90, noNaN: true }))
  .map((value) => Math.round(value * 1000) / 1000)

const span = fc.tuple(
  seconds,
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 20, noNaN: true })),
)

const text = fc.oneof(
  fc.constantFrom(
    '',
    'Yes.',
    'I would like to change my booking for the tenth of May please.',
    '少々お待ちください',
  ),
  fc.string(),
)

const segment: fc.Arbitrary<Segment> = fc
  .record({
    kind: fc.constantFrom('agent', 'caller', 'tool'),
    span,
    timing: fc.constantFrom(...Timing.options),
    text,
    isMarked: fc.boolean(),
  })
  .map(({ kind, span: [startSeconds, length], timing, text: said, isMarked }) => {
    const times =
      timing === 'none'
        ? { startSeconds: null, endSeconds: null, timing }
        : { startSeconds, endSeconds: startSeconds + length, timing }
    if (kind === 'tool') return toolAnswers({ resultText: said, ...times })
    const says = kind === 'agent' ? agentSays : callerSays
    return says(null, { text: said, isInterrupted: isMarked, ...times })
  })

const level = fc.option(fc.double({ min: -96, max: 0, noNaN: true }))

/** Stretches apart from each other, from pauses and lengths. */
const channel: fc.Arbitrary<ChannelSpeech> = fc.record({
  stretches: fc
    .array(fc.tuple(fc.integer({ min: 100, max: 15_000 }), fc.integer({ min: 90, max: 9000 })), {
      maxLength: 8,
    })
    .map((steps) => {
      let end = 0
      return steps.map(([pause, length]): Stretch => {
        const start = end + pause
        end = start + length
        return { startSeconds: start / 1000, endSeconds: end / 1000 }
      })
    }),
  meanPitchHz: fc.option(fc.double({ min: 50, max: 500, noNaN: true })),
  speechLevelDbfs: level,
  noiseLevelDbfs: level,
  clippedShare: fc.double({ min: 0, max: 1, noNaN: true }),
})

const heard: fc.Arbitrary<MeasuredCall['heard']> = fc.option(
  fc
    .record({
      engine: fc.constantFrom('silero-v6', 'energy', 'none'),
      channels: fc.array(channel, { minLength: 1, maxLength: 2 }),
      agentChannel: fc.constantFrom(0 as const, 1 as const, null),
      tailSeconds: fc.integer({ min: 0, max: 30 }),
      areDifferent: fc.boolean(),
    })
    .map(({ engine, channels, agentChannel, tailSeconds, areDifferent }) => {
      const ends = channels.flatMap(({ stretches }) =>
        stretches.map(({ endSeconds }) => endSeconds),
      )
      const areBothHeard = channels.length === 2 && channels.every((it) => it.stretches.length > 0)
      const speech = {
        engine,
        channels,
        durationSeconds: Math.max(0, ...ends) + tailSeconds,
        areChannelsSeparable: areBothHeard && areDifferent,
      }
      return { speech, agentChannel }
    }),
)

const call: fc.Arbitrary<MeasuredCall> = fc.record({
  durationSeconds: fc.option(fc.integer({ min: 0, max: 200 })),
  endedReason: fc.oneof(fc.constantFrom('', 'user_hangup', 'agent-ended-call'), fc.string()),
  segments: fc.array(segment, { maxLength: 12 }),
  heard,
})

const COMPUTED = PREDEFINED_METRICS.filter(({ content }) => content.kind === 'computed')

describe('measure', () => {
  it('knows the function of every computed metric, and no other', () => {
    const named = COMPUTED.map(({ content }) => content.functionName ?? '')
    expect([...MEASURE_NAMES].sort()).toEqual(named.sort())
    expect(() => measured('get_nothing', aCall({}))).toThrow('get_nothing')
  })

  it('finds finite numbers in the metric’s range, and moments within the call', () => {
    fc.assert(
      fc.property(call, (random) => {
        const prepared = prepareCall(random)
        const endSeconds = Math.max(
          random.durationSeconds ?? 0,
          transcriptEndSeconds(random.segments) ?? 0,
          random.heard?.speech.durationSeconds ?? 0,
        )
        for (const { content } of COMPUTED) {
          const { functionName, configuration } = content
          const finding = measure(functionName ?? '', { call: prepared, configuration })
          // Finite numbers alone pass the schema.
          expect(Finding.parse(finding)).toEqual(finding)
          expect(finding.explanation).not.toBe('')
          expectAnswerToFit(finding, content)
          expect(finding.evidence.length).toBeLessThanOrEqual(5)
          for (const moment of finding.evidence) {
            expectToLieIn(moment, { segments: random.segments, endSeconds })
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('counts what the transcript tells of interruptions as filters do', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 12 }), (segments) => {
        const silent = aCall({ segments })
        expect(measured('get_ai_interrupting_user', silent).score).toBe(
          countInterruptions(segments, 'agent'),
        )
        expect(measured('get_user_interrupting_ai', silent).score).toBe(
          countInterruptions(segments, 'caller'),
        )
      }),
    )
  })
})

type Content = (typeof COMPUTED)[number]['content']

function expectAnswerToFit(finding: Finding, { evalType, range, unit, enumValues }: Content): void {
  if (finding.state === 'skipped') {
    expect(finding).toMatchObject({ skipReason: 'no-input', score: null, passed: null })
    return
  }
  expect(finding.state).toBe('scored')
  if (evalType === 'enum') {
    expect(enumValues).toContain(finding.valueText)
    return
  }
  const score = finding.score ?? Number.NaN
  if (evalType === 'binary') expect(score).toBe(finding.passed ? 5 : 0)
  if (unit.startsWith('dB')) return
  expect(score).toBeGreaterThanOrEqual(range?.min ?? 0)
  if (range) expect(score).toBeLessThanOrEqual(range.max)
}

function expectToLieIn(
  { segmentIndex, quote, startSeconds, endSeconds }: Finding['evidence'][number],
  { segments, endSeconds: last }: { segments: readonly Segment[]; endSeconds: number },
): void {
  if (segmentIndex === null) expect(quote).toBe('')
  else expect(segments[segmentIndex]).toBeDefined()
  expect(startSeconds === null).toBe(endSeconds === null)
  if (startSeconds === null || endSeconds === null) return
  expect(startSeconds).toBeGreaterThanOrEqual(0)
  expect(endSeconds).toBeGreaterThanOrEqual(startSeconds)
  expect(endSeconds).toBeLessThanOrEqual(last)
}
