const CODES = 61
/** Neighbouring seconds are 460 Hz or more apart, and a tone comes again only after 61 seconds. */
const STRIDE = 23
const LOWEST_HZ = 400
const SPACING_HZ = 20

/** A quarter of a second tells 20 Hz apart; three hundredths find the moment at which one tone follows another. */
const COARSE_SECONDS = 0.25
const FINE_SECONDS = 0.03
const FINE_STEP_SECONDS = 0.002
/**
 * A third of that of a quarter of a second with a tone all through: two windows that touch cannot both have
 * as much if there is a pause between their tones, and the end of a pause would be found too early.
 */
const LEAST_POWER = 0.04

/** The tone of each whole second of a recording. */
export function toneHzAt(seconds: number): number {
  return hzOf(codeOf(Math.floor(seconds)))
}

function codeOf(second: number): number {
  return (second * STRIDE) % CODES
}

function hzOf(code: number): number {
  return LOWEST_HZ + code * SPACING_HZ
}

export type Sound = { samples: Float32Array; rateHz: number }

/**
 * Where in `sound` a whole second of the recording begins: `at` seconds into the sound begins second `second`,
 * the one nearest to `near`. Null where no tone follows another within the sound.
 */
export function findSecond(
  sound: Sound,
  { near }: { near: number },
): { at: number; second: number } | null {
  const step = COARSE_SECONDS / 5
  const end = sound.samples.length / sound.rateHz - COARSE_SECONDS
  const heard: (number | null)[] = []
  for (let at = 0; at < end; at += step) heard.push(loudestCode(sound, at))
  // Five steps on, the two windows do not overlap.
  const found = heard.findIndex((code, i) => code !== null && heard[i + 5] === nextCode(code))
  const code = heard[found]
  if (found < 0 || code === null || code === undefined) return null
  const at = findChange(sound, { from: found * step, hz: [hzOf(code), hzOf(nextCode(code))] })
  return { at, second: nearestSecond(nextCode(code), near + at) }
}

function nextCode(code: number): number {
  return (code + STRIDE) % CODES
}

function nearestSecond(code: number, near: number): number {
  const first = Math.round(near) - Math.floor(CODES / 2)
  const seconds = Array.from({ length: CODES }, (_, i) => first + i)
  return seconds.find((second) => ((codeOf(second) % CODES) + CODES) % CODES === code) ?? Number.NaN
}

function loudestCode(sound: Sound, at: number): number | null {
  const powers = Array.from({ length: CODES }, (_, code) =>
    powerOf(sound, { at, seconds: COARSE_SECONDS, hz: hzOf(code) }),
  )
  const most = Math.max(...powers)
  return most < LEAST_POWER ? null : powers.indexOf(most)
}

/** The first moment from which the second tone is the stronger one. */
function findChange(sound: Sound, { from, hz }: { from: number; hz: [number, number] }): number {
  const last = from + 2 * COARSE_SECONDS
  for (let at = from; at < last; at += FINE_STEP_SECONDS) {
    const [before, after] = hz.map((tone) =>
      powerOf(sound, { at: at - FINE_SECONDS / 2, seconds: FINE_SECONDS, hz: tone }),
    )
    if ((after ?? 0) > (before ?? 0)) return at
  }
  return last
}

/** How much of one tone is in a stretch of sound: the square of its amplitude, full scale being 1. */
function powerOf(
  { samples, rateHz }: Sound,
  { at, seconds, hz }: { at: number; seconds: number; hz: number },
): number {
  const first = Math.max(0, Math.round(at * rateHz))
  const count = Math.min(samples.length - first, Math.round(seconds * rateHz))
  let real = 0
  let imaginary = 0
  for (let i = 0; i < count; i++) {
    const sample = samples[first + i] ?? 0
    const angle = (2 * Math.PI * hz * (first + i)) / rateHz
    real += sample * Math.cos(angle)
    imaginary += sample * Math.sin(angle)
  }
  return (4 * (real ** 2 + imaginary ** 2)) / count ** 2
}
