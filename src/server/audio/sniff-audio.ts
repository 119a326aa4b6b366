import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import type { AudioFormat } from '#contract/recording.ts'

/** By the extension that file-type derives from the content, never from the file's name. */
const FORMAT_BY_EXTENSION: Readonly<Record<string, AudioFormat>> = {
  wav: 'wav',
  mp3: 'mp3',
  ogg: 'ogg',
  oga: 'ogg',
  opus: 'ogg',
  m4a: 'm4a',
  m4b: 'm4a',
  // ffmpeg writes audio-only files with the general MP4 brands too; the probe asks for a sound track.
  mp4: 'm4a',
  flac: 'flac',
  webm: 'webm',
  mkv: 'webm',
}

/** The format that the first bytes of the file tell; null for anything that is not audio we know, and for an empty file. */
export async function sniffAudio(path: string): Promise<AudioFormat | null> {
  if (await isWave(path)) return 'wav'
  const type = await fileTypeFromFile(path)
  return (type && FORMAT_BY_EXTENSION[type.ext]) ?? null
}

/** RIFF and its 64-bit forms, which file-type does not know. Source: EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64). */
async function isWave(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    return /^(RIFF|RF64|BW64).{4}WAVE$/s.test(text)
  } finally {
    await file.close()
  }
}
