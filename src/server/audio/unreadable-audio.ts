export type UnreadableAudioFacts = { expected: string; found: string }

/**
 * A recording that is broken, cut off, or of a kind nobody here decodes. Trying again does not
 * help; the message is shown to reviewers, so it speaks of the recording and names no path.
 */
export class UnreadableAudio extends Error {
  override readonly name = 'UnreadableAudio'
  readonly expected: string
  readonly found: string

  constructor({ expected, found }: UnreadableAudioFacts, options?: ErrorOptions) {
    super(`This recording cannot be read: expected ${expected}, found ${found}.`, options)
    this.expected = expected
    this.found = found
  }
}
