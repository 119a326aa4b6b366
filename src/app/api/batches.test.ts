import { describe, expect, it } from 'vitest'
import { createBatches } from './batches.ts'

const neverAborted = new AbortController().signal

function doubled(limit = 10) {
  const loads: (readonly number[])[] = []
  const gather = createBatches<number, number>({
    waitMs: 5,
    limit,
    keyOf: (input) => (input < 0 ? 'negative' : 'positive'),
    load: async (inputs) => {
      loads.push(inputs)
      if (inputs.includes(13)) throw new Error('unlucky')
      return inputs.map((input) => input * 2)
    },
  })
  return { gather, loads }
}

describe('createBatches', () => {
  it('answers each wish with its own output out of one load', async () => {
    const { gather, loads } = doubled()
    const outputs = await Promise.all([1, 2, 3].map((input) => gather(input, neverAborted)))
    expect(outputs).toEqual([2, 4, 6])
    expect(loads).toEqual([[1, 2, 3]])
  })

  it('keeps keys apart and loads at most the limit at once', async () => {
    const { gather, loads } = doubled(2)
    await Promise.all([1, -1, 2, 3].map((input) => gather(input, neverAborted)))
    expect(loads).toEqual([[1, 2], [3], [-1]])
  })

  it('never loads what nobody waits for any more', async () => {
    const { gather, loads } = doubled()
    const aborter = new AbortController()
    const [gone, kept] = [gather(1, aborter.signal), gather(2, neverAborted)]
    aborter.abort(new Error('scrolled away'))
    await expect(gone).rejects.toThrow('scrolled away')
    await expect(kept).resolves.toBe(4)
    expect(loads).toEqual([[2]])
  })

  it('rejects the wishes of a load that fails, and goes on after it', async () => {
    const { gather } = doubled()
    await expect(gather(13, neverAborted)).rejects.toThrow('unlucky')
    await expect(gather(4, neverAborted)).resolves.toBe(8)
  })
})
