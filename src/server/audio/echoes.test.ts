import { describe, expect, it } from 'vitest'
import { type HeardChannel, withoutEchoes } from './echoes.ts'

/** Ten seconds with speech of a level, in dBFS, from and to a second. */
function channel(...speech: readonly (readonly [number, number, number])[]): HeardChannel {
  const levelsDbfs = new Float32Array(1000).fill(-80)
  for (const [from, to, dbfs] of speech) levelsDbfs.fill(dbfs, from * 100, to * 100)
  const stretches = speech.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds }))
  return { stretches, levelsDbfs }
}

const startsOf = (own: HeardChannel, other: HeardChannel) =>
  withoutEchoes(own, other).map(({ startSeconds }) => startSeconds)

describe('withoutEchoes', () => {
  const agent = channel([1, 3, -20], [6, 8, -20])

  it('leaves out quiet speech within the other’s', () => {
    // The caller's own voice has -25 dB; the echo of the agent, 0.2 s late, has -45.
    expect(startsOf(channel([1.2, 3.2, -45], [4, 5, -25]), agent)).toEqual([4])
  })

  it('keeps a caller who talks over the agent in their own voice', () => {
    expect(startsOf(channel([2, 2.8, -30], [4, 5, -25]), agent)).toEqual([2, 4])
  })

  it('keeps quiet speech that is not within the other’s', () => {
    // 3.3 to 4.3 is after the agent, whatever can be late.
    expect(startsOf(channel([3.3, 4.3, -45], [4.5, 5.5, -25]), agent)).toEqual([3.3, 4.5])
  })

  it('compares with the other voice where there is no own one', () => {
    expect(startsOf(channel([1.1, 3.1, -45]), agent)).toEqual([])
    expect(startsOf(channel([1.1, 3.1, -35]), agent)).toEqual([1.1])
  })

  it('keeps everything where the other is silent', () => {
    expect(startsOf(agent, channel())).toEqual([1, 6])
  })
})
