import type { AudioFormat } from '#contract/recording.ts'
import { sniffAudio } from '../audio/sniff-audio.ts'
import type { RecordingFiles } from '../store/recording-files.ts'

/** What kind of audio a stored file is, by its content; null if it is none. */
export function recogniseRecording(
  files: RecordingFiles,
  storageKey: string,
): Promise<AudioFormat | null> {
  return sniffAudio(files.pathOf(storageKey))
}
