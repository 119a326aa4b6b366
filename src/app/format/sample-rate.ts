/** `8 kHz`, `44.1 kHz`. */
export function formatSampleRate(hertz: number): string {
  return `${Number((hertz / 1000).toFixed(2))} kHz`
}
