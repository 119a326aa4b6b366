import { type IFormat, parseFile } from 'music-metadata'
import type { AudioFormat, AudioProbe } from '#contract/recording.ts'
import { canDecode } from './decode-audio.ts'
import { sniffAudio } from './sniff-audio.ts'
import { toUnreadable } from './to-unreadable.ts'
import { UnreadableAudio } from './unreadable-audio.ts'
import { readWavHeader, type WavEncoding } from './wav-header.ts'

/** Browsers choose the player by the container; what is inside they find out themselves. */
const MIME_TYPES: Readonly<Record<AudioFormat, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  flac: 'audio/flac',
  webm: 'audio/webm',
}

const WAV_CODECS: Readonly<Record<WavEncoding, string>> = {
  integer: 'pcm',
  float: 'pcm-float',
  mulaw: 'mulaw',
  alaw: 'alaw',
}

/** music-metadata's names are for people: `MPEG 1 Layer 3`, `Vorbis I`, `MPEG-4/AAC`. */
const CODEC_PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/layer 3/i, 'mp3'],
  [/opus/i, 'opus'],
  [/vorbis/i, 'vorbis'],
  [/aac/i, 'aac'],
  [/flac/i, 'flac'],
]

// Whatever rate the encoder was fed with. Source: RFC 7845, section 5.1.
const OPUS_RATE_HZ = 48_000

/**
 * What a recording is, from its headers alone: quick, and nothing is decoded. `durationSeconds` is
 * what the headers say, encoder padding included; 0 where they say nothing, as in a recording that was
 * written live. Throws UnreadableAudio for everything that `decodeAudio` cannot turn into samples.
 */
export async function probeAudio(path: string): Promise<AudioProbe> {
  const format = await sniffAudio(path)
  if (!format) {
    throw new UnreadableAudio({
      expected: 'a wav, mp3, ogg, m4a, flac or webm recording',
      found: 'a file that is none of them',
    })
  }
  try {
    return format === 'wav' ? await probeWav(path) : await probePackets(path, format)
  } catch (error) {
    throw toUnreadable(error, format)
  }
}

async function probeWav(path: string): Promise<AudioProbe> {
  const { encoding, channels, sampleRateHz, bytesPerSample, dataBytes } = await readWavHeader(path)
  return {
    format: 'wav',
    codec: WAV_CODECS[encoding],
    mimeType: MIME_TYPES.wav,
    channels,
    sampleRateHz,
    durationSeconds: dataBytes / (channels * bytesPerSample) / sampleRateHz,
  }
}

async function probePackets(path: string, format: AudioFormat): Promise<AudioProbe> {
  const { format: facts } = await parseFile(path, { duration: false, skipCovers: true })
  const codec = codecOf(facts)
  if (!codec) throw unreadable(`sound in the ${format} file`, 'none')
  if (!canDecode({ format, codec })) {
    throw unreadable('mp3, opus, vorbis, aac, flac or plain wav sound', `${codec} (${format} file)`)
  }
  const { numberOfChannels: channels = 0, duration = 0 } = facts
  const sampleRateHz = codec === 'opus' ? OPUS_RATE_HZ : (facts.sampleRate ?? 0)
  if (channels < 1 || sampleRateHz < 1) {
    throw unreadable('channels and a sample rate', `${channels} channels at ${sampleRateHz} Hz`)
  }
  return {
    format,
    codec,
    mimeType: MIME_TYPES[format],
    channels,
    sampleRateHz,
    durationSeconds: Math.max(0, duration),
  }
}

function codecOf({ codec }: IFormat): string | null {
  if (!codec) return null
  const known = CODEC_PATTERNS.find(([pattern]) => pattern.test(codec))
  return known ? known[1] : codec.toLowerCase()
}

function unreadable(expected: string, found: string): UnreadableAudio {
  return new UnreadableAudio({ expected, found })
}
