import { UnreadableAudio } from '../audio/unreadable-audio.ts'
import { PermanentFailure } from '../queue/permanent-failure.ts'

/** What a job on a recording throws: a file that is no readable audio fails for good, the rest is tried again. */
export function toJobFailure(error: unknown): unknown {
  if (!(error instanceof UnreadableAudio)) return error
  return new PermanentFailure(error.message, { cause: error })
}
