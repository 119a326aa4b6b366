import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SpeechSegment, Word } from '#contract/transcript.ts'
import { MAX_LINE_LENGTH, oneLine, transcriptCues } from './transcript-cues.ts'

function aSpeech(fields: Partial<SpeechSegment> = {}): SpeechSegment {
  return {
    kind: 'speech',
    speaker: 'agent',
    text: 'Good morning.',
    startSeconds: 1,
    endSeconds: 2.5,
    timing: 'given',
    ...fields,
  }
}

/** Each word takes half a second, from `startSeconds` on. */
function wordsOf(text: string, startSeconds: number): Word[] {
  return text.split(' ').map((word, index) => ({
    text: word,
    startSeconds: startSeconds + index / 2,
    endSeconds: startSeconds + (index + 1) / 2,
  }))
}

describe('the cues of a transcript', () => {
  it('are the turns with their times and speakers', async () => {
    const segments = [aSpeech(), aSpeech({ speaker: 'caller', text: 'Hi', startSeconds: 3 })]
    expect(await transcriptCues(segments)).toEqual([
      { startMs: 1000, endMs: 2500, speaker: 'Agent', lines: ['Good morning.'] },
      // The sender's end, 2.5 s, is before this start: shown for half a second.
      { startMs: 3000, endMs: 3500, speaker: 'Caller', lines: ['Hi'] },
    ])
  })

  it('leave out what has no time, no text or no voice', async () => {
    const tool = {
      kind: 'event',
      name: 'transfer',
      text: 'x',
      startSeconds: 1,
      endSeconds: 1,
      timing: 'given',
    } as const
    const untimed = aSpeech({ startSeconds: null, endSeconds: null, timing: 'none' })
    expect(await transcriptCues([tool, untimed, aSpeech({ text: ' \n\u0000 ' })])).toEqual([])
  })

  it('name a third party as the sender does', async () => {
    const [cue] = await transcriptCues([aSpeech({ party: 'Second\nlevel' })])
    expect(cue?.speaker).toBe('Second level')
  })

  it('split a long turn between words, by the times of these', async () => {
    const text = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ')
    const words = wordsOf(text, 10)
    const cues = await transcriptCues([aSpeech({ text, startSeconds: 10, endSeconds: 25, words })])
    // Seven words of five letters with six spaces are 41 characters; so are six of six letters with five.
    expect(cues.map(({ lines }) => lines)).toEqual([
      ['word0 word1 word2 word3 word4 word5 word6', 'word7 word8 word9 word10 word11 word12'],
      ['word13 word14 word15 word16 word17 word18', 'word19 word20 word21 word22 word23 word24'],
      ['word25 word26 word27 word28 word29'],
    ])
    // Half a second for each word.
    expect(cues.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [10_000, 16_500],
      [16_500, 22_500],
      [22_500, 25_000],
    ])
  })

  it('keep a long turn whole where the times of its words are not known, or are of other words', async () => {
    const text = 'one two three four five '.repeat(10)
    const others = [{ text: 'six', startSeconds: 1, endSeconds: 2 }]
    for (const words of [[], others]) {
      const cues = await transcriptCues([aSpeech({ text, words })])
      expect(cues).toHaveLength(1)
      expect(cues[0]?.lines.join(' ')).toBe(oneLine(text))
    }
  })

  it('hold every text in order, never end before they start, and fit the screen', async () => {
    const word = fc.string({ minLength: 1, maxLength: 12 }).map((text) => text.replace(/\s/g, '_'))
    const text = fc.array(word, { minLength: 1, maxLength: 60 }).map((words) => words.join(' '))
    const speech = fc
      .record({
        text,
        start: fc.double({ min: 0, max: 9999, noNaN: true }),
        hasWords: fc.boolean(),
      })
      .map(({ text, start, hasWords }) =>
        aSpeech({
          text,
          startSeconds: start,
          endSeconds: start + 1,
          ...(hasWords && { words: wordsOf(text, start) }),
        }),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(speech, { maxLength: 5 }), async (segments) => {
        const cues = await transcriptCues(segments)
        for (const [index, cue] of cues.entries()) {
          expect(cue.endMs).toBeGreaterThan(cue.startMs)
          expect(cue.startMs).toBeGreaterThanOrEqual(cues[index - 1]?.startMs ?? 0)
          for (const line of cue.lines) {
            expect(line.length <= MAX_LINE_LENGTH || !line.includes(' ')).toBe(true)
          }
        }
      }),
    )
    await fc.assert(
      fc.asyncProperty(speech, async (segment) => {
        const cues = await transcriptCues([segment])
        const joined = cues.flatMap(({ lines }) => lines).join(' ')
        expect(joined).toBe(oneLine(segment.text))
        if (segment.words) expect(cues.every(({ lines }) => lines.length <= 2)).toBe(true)
      }),
    )
  })
})
