import { describe, expect, it } from 'vitest'
import { findSpeech } from './speech-stretches.ts'

const WINDOW_SECONDS = 0.032
const QUIET_DBFS = -70
const LOUD_DBFS = -20

type Sound = { from: number; to: number; dbfs?: number }

/** Ten seconds; levels as they sound, probabilities by window as the model would hear them. */
function find(sounds: readonly Sound[], heard: readonly (readonly [number, number, number?])[]) {
  const levelsDbfs = Float32Array.from({ length: 1000 }, (_, frame) => {
    const at = (frame + 0.5) / 100
    return (
      sounds.find(({ from, to }) => from <= at && at < to)?.dbfs ??
      (sounds.some(({ from, to }) => from <= at && at < to) ? LOUD_DBFS : QUIET_DBFS)
    )
  })
  const probabilities = new Float32Array(313)
  for (const [first, end, probability = 0.9] of heard) probabilities.fill(probability, first, end)
  return findSpeech({
    probabilities,
    windowSeconds: WINDOW_SECONDS,
    levelsDbfs,
    durationSeconds: 10,
  })
}

const stretch = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })

describe('findSpeech', () => {
  it('begins and ends with the sound, not with the windows in which it was heard', () => {
    // Heard from 1.056 (33 windows) to 2.144 (67), which is late at both ends.
    expect(find([{ from: 1, to: 2 }], [[33, 67]])).toEqual([stretch(1, 2)])
    // Heard from 0.96 (30) to 1.92 (60): early at both ends.
    expect(find([{ from: 1, to: 2 }], [[30, 60]])).toEqual([stretch(1, 2)])
  })

  it('finds the edge above a noise that never stops', () => {
    const sounds = [
      { from: 1, to: 2 },
      { from: 0, to: 10, dbfs: -40 },
    ]
    expect(find(sounds, [[33, 67]])).toEqual([stretch(1, 2)])
  })

  it('leaves the model’s word where noise is as loud as the speech', () => {
    // 33 * 0.032 = 1.056, rounded to frames of 10 ms; 67 * 0.032 = 2.144
    expect(find([{ from: 0, to: 10, dbfs: -40 }], [[33, 67]])).toEqual([stretch(1.06, 2.14)])
  })

  it('does not follow a noise that goes on by more than a fifth of a second', () => {
    // The noise lasts to 5 s; what was heard ends at 67 * 0.032 = 2.144: frame 213 is the last, and 20 more.
    expect(find([{ from: 1, to: 5 }], [[33, 67]])).toEqual([stretch(1, 2.34)])
  })

  it('begins with a short word that was not heard, and not with a click, a breath or a noise', () => {
    const speech = { from: 1, to: 2 }
    const starts = (before: Sound) =>
      find([before, speech], [[33, 67]]).map(({ startSeconds }) => startSeconds)
    // "Oh, today?": 0.12 s, then a pause of 0.12 s
    expect(starts({ from: 0.76, to: 0.88 })).toEqual([0.76, 1])
    expect(starts({ from: 0.85, to: 0.88 })).toEqual([1])
    // 20 dB below the speech
    expect(starts({ from: 0.76, to: 0.88, dbfs: -40 })).toEqual([1])
    // as loud as the speech, but longer than a word
    expect(starts({ from: 0.2, to: 0.88 })).toEqual([1])
    // 0.4 s before it
    expect(starts({ from: 0.48, to: 0.6 })).toEqual([1])
  })

  it('keeps a closed consonant in its word', () => {
    const sounds = [
      { from: 1, to: 1.9 },
      { from: 1.94, to: 2 },
    ]
    // Heard until 59 * 0.032 = 1.888; 40 ms of closure and 60 ms of release follow.
    expect(find(sounds, [[33, 59]])).toEqual([stretch(1, 2)])
  })

  it('joins what less than a tenth of a second parts, and no more', () => {
    const sounds = [
      { from: 1, to: 2 },
      { from: 2.08, to: 3 },
    ]
    // Windows 64 and 65 (64 ms) are quiet.
    expect(
      find(sounds, [
        [32, 64],
        [66, 95],
      ]),
    ).toEqual([stretch(1, 3)])
    const apart = [
      { from: 1, to: 2 },
      { from: 2.3, to: 3 },
    ]
    expect(
      find(apart, [
        [32, 64],
        [73, 95],
      ]),
    ).toEqual([stretch(1, 2), stretch(2.3, 3)])
  })

  it('parts at a pause of a fifth of a second that the model hears through', () => {
    const pausing = (seconds: number) => [
      { from: 1, to: 2 },
      { from: 2 + seconds, to: 4 },
    ]
    expect(find(pausing(0.19), [[32, 126]])).toEqual([stretch(1, 4)])
    expect(find(pausing(0.2), [[32, 126]])).toEqual([stretch(1, 2), stretch(2.2, 4)])
    // Something of 50 ms in the middle of a pause is no word.
    const crackle = { from: 2.5, to: 2.55 }
    expect(find([...pausing(1), crackle], [[32, 126]])).toEqual([stretch(1, 2), stretch(3, 4)])
  })

  it('hears a word fade out, and takes no uncertain window for a beginning', () => {
    expect(
      find(
        [{ from: 1, to: 2 }],
        [
          [32, 50],
          [50, 62, 0.2],
        ],
      ),
    ).toEqual([stretch(1, 2)])
    expect(find([{ from: 1, to: 2 }], [[32, 62, 0.4]])).toEqual([])
  })

  it('drops a click, but not a short word next to more speech', () => {
    const click = { from: 1, to: 1.2 }
    // six windows are 192 ms
    expect(find([click], [[32, 38]])).toEqual([])
    // The next speech begins 0.4 s later (51 - 38 = 13 windows), then 1 s later (70 - 38 = 32).
    const near = { from: 1.6, to: 2.6 }
    expect(
      find(
        [click, near],
        [
          [32, 38],
          [51, 82],
        ],
      ),
    ).toEqual([stretch(1, 1.2), stretch(1.6, 2.6)])
    const far = { from: 2.2, to: 3.2 }
    expect(
      find(
        [click, far],
        [
          [32, 38],
          [70, 100],
        ],
      ),
    ).toEqual([stretch(2.2, 3.2)])
    // The same after the speech: 80 - 62 = 18 windows.
    expect(
      find(
        [near, { from: 2.8, to: 3 }],
        [
          [51, 80],
          [88, 94],
        ],
      ),
    ).toEqual([stretch(1.6, 2.6), stretch(2.8, 3)])
  })

  it('stays within the recording', () => {
    const all = find([{ from: 0, to: 10 }], [[0, 313]])
    expect(all).toEqual([stretch(0, 10)])
    expect(find([], [])).toEqual([])
  })
})
