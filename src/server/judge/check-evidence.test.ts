import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Segment, SpeechSegment } from '#contract/transcript.ts'
import { createEvidenceCheck } from './check-evidence.ts'

function says(text: string, change: Partial<SpeechSegment> = {}): SpeechSegment {
  const times = { startSeconds: 10, endSeconds: 14, timing: 'given' as const }
  return { kind: 'speech', speaker: 'agent', text, ...times, ...change }
}

function check(segments: readonly Segment[], segment: number, quote: string) {
  return createEvidenceCheck(segments)({ segment, quote, note: '' })
}

describe('createEvidenceCheck', () => {
  it('gives a quote the place and the times of its segment', () => {
    const segments = [
      says('Hello.'),
      says('Your order is on its way.', { startSeconds: 20, endSeconds: 23 }),
    ]
    const citation = { segment: 1, quote: 'Order is on its way', note: 'a promise' }
    expect(createEvidenceCheck(segments)(citation)).toEqual({
      segmentIndex: 1,
      quote: 'Order is on its way',
      note: 'a promise',
      isFound: true,
      startSeconds: 20,
      endSeconds: 23,
    })
  })

  it('gives a quote the times of its words where the segment has them', () => {
    const words = ['Your', 'order', 'is', 'here.'].map((text, index) => {
      return { text, startSeconds: 10 + index, endSeconds: 10.5 + index }
    })
    // "order" is the second word, from 11; "is" the third, to 12.5
    expect(check([says('Your order is here.', { words })], 0, 'order is')).toMatchObject({
      startSeconds: 11,
      endSeconds: 12.5,
    })
  })

  it('gives the times of the segment where its words are others than its text', () => {
    const words = [{ text: 'mumble', startSeconds: 11, endSeconds: 12 }]
    expect(check([says('Your order', { words })], 0, 'order')).toMatchObject({
      isFound: true,
      startSeconds: 10,
      endSeconds: 14,
    })
  })

  it('has no time for a segment without one', () => {
    const untimed = says('Hello', { startSeconds: null, endSeconds: null, timing: 'none' })
    expect(check([untimed], 0, 'hello')).toMatchObject({
      isFound: true,
      startSeconds: null,
      endSeconds: null,
    })
  })

  it('prefers the cited segment, then the nearest, to others that say the same', () => {
    const segments = [says('Yes.'), says('No.'), says('Yes.'), says('Maybe.'), says('Yes.')]
    expect(check(segments, 4, 'yes').segmentIndex).toBe(4)
    expect(check(segments, 3, 'yes').segmentIndex).toBe(2)
    expect(check(segments, 999, 'yes').segmentIndex).toBe(4)
  })

  it('prefers another segment word for word to the cited one nearly so', () => {
    const segments = [
      says('I can send you the refund today'),
      says('I can send you a refund today'),
    ]
    expect(check(segments, 0, 'I can send you a refund today').segmentIndex).toBe(1)
  })

  it('looks into tools and events too', () => {
    const at = { startSeconds: 1, endSeconds: 2, timing: 'given' as const }
    const segments: Segment[] = [
      {
        ...at,
        kind: 'tool-call',
        toolCallId: 'a',
        name: 'find_order',
        argumentsText: '{"id": 42}',
      },
      {
        ...at,
        kind: 'tool-result',
        toolCallId: 'a',
        name: 'find_order',
        resultText: '{"error":"no such order"}',
        isError: true,
      },
      { ...at, kind: 'event', name: 'transfer', text: 'to the front desk' },
    ]
    expect(check(segments, 0, 'find_order {"id": 42}').segmentIndex).toBe(0)
    expect(check(segments, 0, 'no such order').segmentIndex).toBe(1)
    expect(check(segments, 0, 'the front desk').segmentIndex).toBe(2)
  })

  it.each([
    '[0] 01:34 Main Agent: Hello there.',
    'Main Agent: Hello there.',
    '[0] Main Agent: Hello',
  ])('takes the line of the transcript for its words: %s', (quote) => {
    expect(check([says('Hello there.')], 0, quote)).toMatchObject({ isFound: true, quote })
  })

  it('keeps a quote that nobody said, without a place', () => {
    expect(check([says('Hello.')], 0, 'I will refund everything')).toEqual({
      segmentIndex: null,
      quote: 'I will refund everything',
      note: '',
      isFound: false,
      startSeconds: null,
      endSeconds: null,
    })
  })

  it('finds what is nearly said far from the cited segment, where most of its words are', () => {
    const segments = Array.from({ length: 300 }, (_, n) => says(`I can send you today number ${n}`))
    segments[250] = says('well I can send you the refund today by bank transfer')
    expect(check(segments, 3, 'I can send you a refund today')).toMatchObject({
      isFound: true,
      segmentIndex: 250,
    })
  })

  it('finds the first fifty quotes nearly so, and any number of them word for word', () => {
    const look = createEvidenceCheck([says('I can send you the refund today by bank')])
    const near = { segment: 0, quote: 'I can send you a refund today', note: '' }
    const exact = { segment: 0, quote: 'the refund today', note: '' }
    const found = Array.from({ length: 60 }, () => look(near).isFound)
    expect(found.filter(Boolean)).toHaveLength(50)
    expect(look(exact).isFound).toBe(true)
  })

  it('holds hundreds of made-up quotes against a long call in no time', () => {
    let seed = 1
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    // Some words are said often and most of them seldom, as in any language.
    const talk = (count: number) =>
      Array.from({ length: count }, () => `w${Math.floor(random() ** 3 * 2000)}`).join(' ')
    const segments = Array.from({ length: 2000 }, () => says(talk(15)))
    const quotes = Array.from({ length: 200 }, () => talk(25))
    const start = performance.now()
    const look = createEvidenceCheck(segments)
    const found = quotes.filter((quote, segment) => look({ segment, quote, note: '' }).isFound)
    // Some 20 ms; every quote against every segment takes a hundred times that.
    expect(performance.now() - start).toBeLessThan(400)
    expect(found).toEqual([])
  })

  it('reads a call once for all metrics that cite it', () => {
    let reads = 0
    const segment = says('')
    Object.defineProperty(segment, 'text', {
      get: () => {
        reads += 1
        return 'Hello there.'
      },
    })
    const segments = [segment]
    expect(check(segments, 0, 'hello')).toMatchObject({ isFound: true })
    expect(check(segments, 0, 'goodbye')).toMatchObject({ isFound: false })
    expect(reads).toBe(1)
  })

  it('finds any words of a segment in that segment', () => {
    const words = fc.array(fc.stringMatching(/^[a-zA-Zäß0-9]{1,8}$/), {
      minLength: 1,
      maxLength: 12,
    })
    const talk = fc.array(words, { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(talk, fc.nat(), fc.nat(), fc.nat(), (texts, which, from, to) => {
        const segments = texts.map((text) => says(`${text.join(' ')}.`))
        const cited = which % texts.length
        const said = texts[cited] ?? []
        const start = from % said.length
        const quote = said.slice(start, start + 1 + (to % (said.length - start))).join(' ')
        expect(check(segments, cited, `"${quote}…"`)).toMatchObject({
          segmentIndex: cited,
          isFound: true,
        })
      }),
    )
  })
})
