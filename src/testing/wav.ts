export type Tone = { channel: number; startSeconds: number; endSeconds: number; level?: number }

/** A 16-bit PCM wav file with 440 Hz tones where asked and silence elsewhere. */
export function wavWithTones({
  durationSeconds,
  channels = 2,
  sampleRateHz = 8000,
  tones = [],
}: {
  durationSeconds: number
  channels?: number
  sampleRateHz?: number
  tones?: Tone[]
}): Buffer {
  const frames = Math.round(durationSeconds * sampleRateHz)
  const data = Buffer.alloc(frames * channels * 2)
  for (const { channel, startSeconds, endSeconds, level = 0.5 } of tones) {
    const last = Math.min(frames, Math.round(endSeconds * sampleRateHz))
    for (let frame = Math.round(startSeconds * sampleRateHz); frame < last; frame++) {
      const sample = level * Math.sin((2 * Math.PI * 440 * frame) / sampleRateHz)
      data.writeInt16LE(Math.round(sample * 32767), (frame * channels + channel) * 2)
    }
  }
  return Buffer.concat([wavHeader({ channels, sampleRateHz, dataBytes: data.length }), data])
}

function wavHeader({
  channels,
  sampleRateHz,
  dataBytes,
}: {
  channels: number
  sampleRateHz: number
  dataBytes: number
}): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(sampleRateHz, 24)
  header.writeUInt32LE(sampleRateHz * channels * 2, 28)
  header.writeUInt16LE(channels * 2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(dataBytes, 40)
  return header
}
