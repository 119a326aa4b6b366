import { describe, expect, it } from 'vitest'
import { createRowCounter } from './row-counter.ts'

const encoder = new TextEncoder()

/** The count after the whole text, handed over in pieces of `size` bytes. */
function countOf(format: 'csv' | 'jsonl', text: string, size = 4096) {
  const counter = createRowCounter(format)
  const bytes = encoder.encode(text)
  for (let start = 0; start < bytes.length; start += size) {
    counter.take(bytes.subarray(start, start + size))
  }
  return counter.count()
}

describe('createRowCounter for CSV', () => {
  it('leaves the header out', () => {
    expect(countOf('csv', '\uFEFFid,topic\r\n')).toBe(0)
    expect(countOf('csv', '\uFEFFid,topic\r\n1,a\r\n2,b\r\n')).toBe(2)
  })

  it('takes line ends between quotes for text', () => {
    expect(countOf('csv', 'id,topic\r\n1,"a\r\nb\nc"\r\n2,d\r\n')).toBe(2)
  })

  it('is not led astray by doubled quotes', () => {
    // The text of call 1 is: say "hi"⏎ and of call 2: "
    expect(countOf('csv', 'id,topic\r\n1,"say ""hi""\r\n"\r\n2,""""\r\n')).toBe(2)
  })

  it('counts the same wherever the bytes are cut', () => {
    const text = '\uFEFFid,topic\r\n1,"größer\r\n""x"""\r\n2,日本\n3,c\r\n'
    for (const size of [1, 2, 3, 5, 7]) expect(countOf('csv', text, size)).toBe(3)
  })

  it('does not count a last line that is cut off', () => {
    const counter = createRowCounter('csv')
    counter.take(encoder.encode('id,topic\r\n1,a\r\n2,"b\r\n'))
    expect(counter.count()).toBe(1)
    expect(counter.isAtLineEnd()).toBe(false)
    counter.take(encoder.encode('"\r\n'))
    expect(counter.count()).toBe(2)
    expect(counter.isAtLineEnd()).toBe(true)
  })
})

describe('createRowCounter for JSONL', () => {
  it('counts lines, without blank ones', () => {
    expect(countOf('jsonl', '{"id":1}\n{"id":2}\n\n')).toBe(2)
    expect(countOf('jsonl', '')).toBe(0)
  })

  it('gives quotes no meaning: a line end always ends a call', () => {
    expect(countOf('jsonl', '{"text":"it\\"s"}\n{"text":"b"}\n')).toBe(2)
  })
})
