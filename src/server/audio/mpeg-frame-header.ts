export type MpegVersion = '1' | '2' | '2.5'

/** What the four bytes in front of every frame of MPEG audio layer III say. */
export type MpegFrameHeader = {
  version: MpegVersion
  sampleRateHz: number
  channels: 1 | 2
  /** Samples per channel. */
  samples: number
  /** The whole frame with this header: 24 to 1441 bytes. */
  sizeBytes: number
}

export const HEADER_BYTES = 4

/** By the two bits of the header. Source: ISO/IEC 11172-3, 2.4.2.3; 2.5 is Fraunhofer's extension. */
const VERSIONS: readonly (MpegVersion | null)[] = ['2.5', null, '2', '1']
const LAYER_3 = 1
const MONO = 3

const MPEG1_RATES_HZ = [44_100, 48_000, 32_000]
const RATE_DIVISORS: Readonly<Record<MpegVersion, number>> = { '1': 1, '2': 2, '2.5': 4 }

/** Kilobits per second; 0 is a free format, of which no frame tells its size. */
const MPEG1_KILOBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const MPEG2_KILOBITS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

/** The header at `offset`; null where there is none of layer III, or none that tells its size. */
export function parseMpegFrameHeader(bytes: Buffer, offset: number): MpegFrameHeader | null {
  if (offset + HEADER_BYTES > bytes.length) return null
  const word = bytes.readUInt32BE(offset)
  const bits = (from: number, count: number) => (word >>> from) & ((1 << count) - 1)
  if (bits(21, 11) !== 0x7ff || bits(17, 2) !== LAYER_3) return null
  const version = VERSIONS[bits(19, 2)]
  const mpeg1RateHz = MPEG1_RATES_HZ[bits(10, 2)]
  if (!version || !mpeg1RateHz) return null
  const kilobits = (version === '1' ? MPEG1_KILOBITS : MPEG2_KILOBITS)[bits(12, 4)]
  if (!kilobits) return null
  const sampleRateHz = mpeg1RateHz / RATE_DIVISORS[version]
  const samples = version === '1' ? 1152 : 576
  return {
    version,
    sampleRateHz,
    channels: bits(6, 2) === MONO ? 1 : 2,
    samples,
    sizeBytes: Math.floor((samples * kilobits * 125) / sampleRateHz) + bits(9, 1),
  }
}

/** Whether both can be frames of one stream; bit rate and padding are free to change. */
export function isSameStream(a: MpegFrameHeader, b: MpegFrameHeader): boolean {
  return a.version === b.version && a.sampleRateHz === b.sampleRateHz && a.channels === b.channels
}
