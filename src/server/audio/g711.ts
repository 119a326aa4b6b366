/**
 * Linear samples in -1..1 for each of the 256 codes of G.711 µ-law (14-bit range, full scale 8031).
 * Source: ITU-T G.711 (11/1988), tables 2a and 2b.
 */
export const MULAW_SAMPLES: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff
  const segment = (bits >> 4) & 7
  const magnitude = (((bits & 15) * 2 + 33) << segment) - 33
  return signed(bits & 0x80, magnitude / 8192)
})

/**
 * Linear samples in -1..1 for each of the 256 codes of G.711 A-law (13-bit range, full scale 4032).
 * Source: ITU-T G.711 (11/1988), tables 1a and 1b; even bits are inverted on the line.
 */
export const ALAW_SAMPLES: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55
  const segment = (bits >> 4) & 7
  const step = (bits & 15) * 2 + 1
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1)
  // A set sign bit means positive here, unlike µ-law after its inversion.
  return signed(~bits & 0x80, magnitude / 4096)
})

function signed(isNegative: number, magnitude: number): number {
  return isNegative ? -magnitude : magnitude
}
