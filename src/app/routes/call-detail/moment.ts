/** The second that `?t=134.2` names; 0 without one and for nonsense. */
export function parseMoment(params: URLSearchParams): number {
  const seconds = Number(params.get('t') ?? '')
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0
}

/** The same address with the moment in it, to a tenth of a second; without one at the very start. */
export function withMoment(address: string, seconds: number): string {
  const url = new URL(address)
  const tenths = Math.floor(seconds * 10) / 10
  if (tenths > 0) url.searchParams.set('t', String(tenths))
  else url.searchParams.delete('t')
  return url.toString()
}
