import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import { takeTurn } from './take-turn.ts'

function speechOf(length: number): Segment[] {
  const times = { startSeconds: 0, endSeconds: 1, timing: 'given' as const }
  return [{ kind: 'speech', speaker: 'agent', text: 'x'.repeat(length), ...times }]
}

/** For each of four questions that are asked at once, how often others had their turn before it. */
async function turnsOf(segments: readonly Segment[]): Promise<number[]> {
  let others = 0
  let isOver = false
  const serveOthers = async () => {
    while (!isOver) {
      await setImmediate()
      others += 1
    }
  }
  const served = serveOthers()
  const turns = await Promise.all(
    Array.from({ length: 4 }, async () => {
      await takeTurn(segments)
      return others
    }),
  )
  isOver = true
  await served
  return turns
}

describe('takeTurn', () => {
  it('lets others be served between two questions about a long call', async () => {
    const turns = await turnsOf(speechOf(60_000))
    expect(new Set(turns).size).toBe(4)
  })

  it('waits for nobody where the call is short', async () => {
    expect(await turnsOf(speechOf(600))).toEqual([0, 0, 0, 0])
  })
})
