import { UnreadableAudio } from './unreadable-audio.ts'

/**
 * What a parser or decoder threw over the bytes it was given, as UnreadableAudio. Failures of the
 * file system come back as they are: they say nothing about the recording.
 */
export function toUnreadable(error: unknown, format: string): unknown {
  if (error instanceof UnreadableAudio || isSystemError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new UnreadableAudio(
    {
      expected: `a complete ${format} file`,
      found: `damage or a cut (the decoder says: ${reason.replace(/\.$/, '')})`,
    },
    { cause: error },
  )
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
