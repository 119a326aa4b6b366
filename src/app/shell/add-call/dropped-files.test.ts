import { describe, expect, it } from 'vitest'
import { sortDroppedFiles } from './dropped-files.ts'

const wav = new File(['a'], 'call.WAV')
const opus = new File(['a'], 'noname', { type: 'audio/ogg' })
const json = new File(['[]'], 'call.json', { type: 'application/json' })

describe('sortDroppedFiles', () => {
  it('tells a recording from a transcript by type or by name', () => {
    expect(sortDroppedFiles([json, wav])).toEqual({ recording: wav, transcript: json })
    expect(sortDroppedFiles([opus])).toEqual({ recording: opus, transcript: null })
  })

  it('takes the last of several recordings', () => {
    expect(sortDroppedFiles([wav, opus]).recording).toBe(opus)
  })
})
