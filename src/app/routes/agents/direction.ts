/** Who calls whom, as a form and a list say it. `isInbound` in the contract. */
export const DIRECTIONS = ['inbound', 'outbound', 'unknown'] as const
export type Direction = (typeof DIRECTIONS)[number]

export const DIRECTION_LABEL: Record<Direction, string> = {
  inbound: 'Inbound: people call it',
  outbound: 'Outbound: it calls people',
  unknown: 'Both, or not known',
}

export const DIRECTION_SHORT: Record<Direction, string> = {
  inbound: 'Inbound',
  outbound: 'Outbound',
  unknown: '',
}

export function toDirection(isInbound: boolean | null): Direction {
  if (isInbound === null) return 'unknown'
  return isInbound ? 'inbound' : 'outbound'
}

export function toIsInbound(direction: Direction): boolean | null {
  return direction === 'unknown' ? null : direction === 'inbound'
}
