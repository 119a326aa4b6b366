export type StepOptions = {
  /** Null counts as 0, or as the nearest number allowed. */
  value: number | null
  /** How far, and which way. */
  by: number
  min?: number
  max?: number
}

/** `value` moved by one step, kept between `min` and `max`, without the noise of binary fractions. */
export function stepNumber({ value, by, min = -Infinity, max = Infinity }: StepOptions): number {
  const from = value ?? 0
  const places = Math.max(decimalPlaces(from), decimalPlaces(by))
  const moved = value === null && (min > 0 || max < 0) ? from : from + by
  return Math.min(max, Math.max(min, Number(moved.toFixed(places))))
}

function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e')
  const fraction = digits.split('.')[1] ?? ''
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)))
}

type RangeOptions = {
  value: number
  min?: number | undefined
  max?: number | undefined
  format: (value: number) => string
}

/** What to say about a value beyond `min` or `max`; null if it is within. */
export function outOfRange({ value, min, max, format }: RangeOptions): string | null {
  if (min !== undefined && value < min) return `The least is ${format(min)}.`
  if (max !== undefined && value > max) return `The most is ${format(max)}.`
  return null
}
