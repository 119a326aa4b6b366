const AUDIO_NAME = /\.(wav|mp3|ogg|oga|opus|m4a|mp4|aac|flac|webm)$/i

export const AUDIO_ACCEPT = 'audio/*,.wav,.mp3,.ogg,.oga,.opus,.m4a,.mp4,.aac,.flac,.webm'
export const TRANSCRIPT_ACCEPT = '.json,.txt,application/json,text/plain'

/** Which of some dropped files is the recording and which the transcript; the last of each kind counts. */
export function sortDroppedFiles(files: readonly File[]): {
  recording: File | null
  transcript: File | null
} {
  const isAudio = (file: File) =>
    file.type.startsWith('audio/') || file.type.startsWith('video/') || AUDIO_NAME.test(file.name)
  return {
    recording: files.findLast(isAudio) ?? null,
    transcript: files.findLast((file) => !isAudio(file)) ?? null,
  }
}
