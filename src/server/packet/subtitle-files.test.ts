import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toSrt, toVtt } from './subtitle-files.ts'
import type { Cue } from './transcript-cues.ts'

const CUES: Cue[] = [
  { startMs: 0, endMs: 1500, speaker: 'Agent', lines: ['Is 1 < 2 & 3 > 2?', 'So --> yes.'] },
  { startMs: 3_723_004, endMs: 360_000_000, speaker: 'R&D', lines: ['</v><b>'] },
]

const line = fc
  .string({ minLength: 1, maxLength: 42, unit: 'grapheme' })
  .map((text) => text.replace(/\s+/gu, ' ').trim())
  .filter((text) => text !== '' && !/\p{Cc}/u.test(text))
const cue = fc
  .record({
    startMs: fc.nat(400_000_000),
    lengthMs: fc.integer({ min: 1, max: 100_000 }),
    speaker: fc.constantFrom('Agent', 'Caller', 'A & <B>'),
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  })
  .map(({ startMs, lengthMs, ...rest }) => ({ startMs, endMs: startMs + lengthMs, ...rest }))

describe('SubRip', () => {
  it('numbers cues, writes a comma before milliseconds, and names the speaker', () => {
    expect([...toSrt(CUES)].join('')).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nAgent: Is 1 < 2 & 3 > 2?\nSo --> yes.\n\n' +
        '2\n01:02:03,004 --> 100:00:00,000\nR&D: </v><b>\n',
    )
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(cue), (cues) => {
        expect(readSrt([...toSrt(cues)].join(''))).toEqual(cues)
      }),
    )
  })
})

describe('WebVTT', () => {
  it('begins with its name, and escapes what would be a tag', () => {
    expect([...toVtt(CUES)].join('')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n' +
        '<v Agent>Is 1 &lt; 2 &amp; 3 &gt; 2?\nSo --&gt; yes.</v>\n\n' +
        '01:02:03.004 --> 100:00:00.000\n<v R&amp;D>&lt;/v&gt;&lt;b&gt;</v>\n',
    )
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(cue), (cues) => {
        expect(readVtt([...toVtt(cues)].join(''))).toEqual(cues)
      }),
    )
  })
})

function readSrt(text: string): Cue[] {
  if (text === '') return []
  return text.split('\n\n').map((block, index) => {
    const [number, times = '', first = '', ...rest] = block.replace(/\n$/, '').split('\n')
    expect(number).toBe(String(index + 1))
    const [, speaker = '', said = ''] = /^(Agent|Caller|A & <B>): (.*)$/u.exec(first) ?? []
    return { ...readTimes(times.replaceAll(',', '.')), speaker, lines: [said, ...rest] }
  })
}

function readVtt(text: string): Cue[] {
  const [header, ...blocks] = text.replace(/\n$/, '').split('\n\n')
  expect(header).toBe('WEBVTT')
  return blocks.map((block) => {
    const [times = '', ...payload] = block.replace(/\n$/, '').split('\n')
    const [, speaker = '', said = ''] = /^<v ([^>]*)>([^<>]*)<\/v>$/.exec(payload.join('\n')) ?? []
    return {
      ...readTimes(times),
      speaker: unescapeVtt(speaker),
      lines: unescapeVtt(said).split('\n'),
    }
  })
}

function readTimes(text: string) {
  const [startMs = NaN, endMs = NaN] = text.split(' --> ').map((time) => {
    const [hours = '', minutes = '', seconds = ''] = time.split(':')
    return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000)
  })
  return { startMs, endMs }
}

function unescapeVtt(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
