import { lookup as resolve } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The address is not one that a recording may be fetched from. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress'

  constructor(address: string) {
    super(
      `The recording's address ${address} is not public. If it is yours, list it in FETCH_ALLOW.`,
    )
  }
}

/** The configured network is not in CIDR notation. */
export class InvalidNetwork extends Error {
  override readonly name = 'InvalidNetwork'
}

export type AddressRule = (address: string) => boolean

/**
 * True for public unicast addresses, and for those inside one of the `allowed` networks (CIDR, or a single
 * address). Private, loopback, link-local (cloud metadata among them), multicast, reserved and
 * IPv4-in-IPv6 forms of all these are false. Throws `InvalidNetwork` for an entry that is no network.
 */
export function addressRule(allowed: readonly string[]): AddressRule {
  const networks = allowed.map(parseNetwork)
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    if (isPublic(parsed)) return true
    return networks.some(
      ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits),
    )
  }
}

/** Public by its number, but inside Azure it answers every machine with things of the platform. */
const NOT_FOR_GUESTS = new Set(['168.63.129.16'])
/** `10/8` is a network to people and 0.0.0.10 to parsers. */
const WHOLE_ADDRESS = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]*:[0-9a-f:]*)(\/\d+)?$/i

/** Of IPv6 only what is given out to the world: all else may lead back to IPv4 or to this network. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast' || NOT_FOR_GUESTS.has(address.toString())) return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6)
}

function parseNetwork(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    if (!WHOLE_ADDRESS.test(text)) throw new Error('not a whole address')
    if (text.includes('/')) return ipaddr.parseCIDR(text)
    const address = ipaddr.process(text)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  } catch (cause) {
    throw new InvalidNetwork(`FETCH_ALLOW: expected a network such as 10.0.0.0/8, got ${text}`, {
      cause,
    })
  }
}

/**
 * Resolves names for a connection and fails with `ForbiddenAddress` if any answer is not allowed. Used at
 * connect time, so that a name which changes its answer between check and use gains nothing.
 */
export function safeLookup(isAllowed: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, answers) => {
      if (error) return callback(error, '', 0)
      const forbidden = answers.find((answer) => !isAllowed(answer.address))
      if (forbidden) return callback(new ForbiddenAddress(forbidden.address), '', 0)
      const [first] = answers
      if (!first) return callback(new Error(`${hostname} has no address`), '', 0)
      if (options.all) return callback(null, answers)
      callback(null, first.address, first.family)
    })
  }
}
