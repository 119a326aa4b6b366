export type WavOptions = {
  /** WAVE format tag: 1 PCM (the default), 3 float, 6 A-law, 7 µ-law. */
  tag?: number
  channels: number
  sampleRateHz: number
  bits: number
  /** The samples as they stand in the file. */
  data: Uint8Array
  magic?: 'RIFF' | 'RF64'
  /** What the header claims; the length of `data` unless given. */
  statedBytes?: number
  /** Writes WAVE_FORMAT_EXTENSIBLE, with `tag` as its sub-format. */
  layout?: 'plain' | 'extensible'
  /** Chunks between the format and the samples. */
  extraChunks?: Buffer[]
}

/** A wav file for tests and benchmarks, with whatever is odd about it named in the options. */
export function buildWav(options: WavOptions): Buffer {
  const { data, magic = 'RIFF', statedBytes = data.length, extraChunks = [] } = options
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    magic === 'RF64' ? buildChunk('ds64', longSizes(data.length)) : Buffer.alloc(0),
    buildChunk('fmt ', formatFields(options)),
    ...extraChunks,
    chunkHead('data', statedBytes),
    data,
  ])
  return Buffer.concat([chunkHead(magic, magic === 'RF64' ? 0xffffffff : body.length), body])
}

/** `body` as a RIFF chunk, padded to even length. */
export function buildChunk(id: string, body: Uint8Array): Buffer {
  return Buffer.concat([chunkHead(id, body.length), body, Buffer.alloc(body.length % 2)])
}

function chunkHead(id: string, sizeBytes: number): Buffer {
  const head = Buffer.from(`${id}\0\0\0\0`, 'latin1')
  head.writeUInt32LE(sizeBytes, 4)
  return head
}

function formatFields({ tag = 1, channels, sampleRateHz, bits, layout = 'plain' }: WavOptions) {
  const fields = Buffer.alloc(layout === 'extensible' ? 40 : 16)
  const frameBytes = channels * Math.ceil(bits / 8)
  fields.writeUInt16LE(layout === 'extensible' ? 0xfffe : tag, 0)
  fields.writeUInt16LE(channels, 2)
  fields.writeUInt32LE(sampleRateHz, 4)
  fields.writeUInt32LE(sampleRateHz * frameBytes, 8)
  fields.writeUInt16LE(frameBytes, 12)
  fields.writeUInt16LE(bits, 14)
  if (layout === 'plain') return fields
  fields.writeUInt16LE(22, 16)
  fields.writeUInt16LE(bits, 18)
  fields.writeUInt16LE(tag, 24)
  return fields
}

function longSizes(dataBytes: number): Buffer {
  const sizes = Buffer.alloc(28)
  sizes.writeBigUInt64LE(BigInt(dataBytes), 8)
  return sizes
}
