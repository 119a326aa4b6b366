/**
 * One row of peaks per channel, each value 0 (silence) to 1 (full scale). The bytes are laid out as
 * `PeakLevel` says: rows of equal length, one after the other. Throws if they do not divide evenly.
 */
export function toPeakRows(bytes: Uint8Array, channels: number): Float32Array<ArrayBuffer>[] {
  const length = bytes.length / channels
  if (!Number.isInteger(length)) {
    throw new Error(`Peaks of ${channels} channels cannot have ${bytes.length} bytes.`)
  }
  return Array.from({ length: channels }, (_, channel) => {
    const row = new Float32Array(length)
    for (let point = 0; point < length; point += 1) {
      row[point] = (bytes[channel * length + point] ?? 0) / 255
    }
    return row
  })
}
