import { describe, expect, it } from 'vitest'
import { addressRule, ForbiddenAddress, InvalidNetwork, safeLookup } from './safe-address.ts'

const isPublic = addressRule([])

describe('addressRule', () => {
  it('lets public addresses through', () => {
    for (const address of ['93.184.215.14', '8.8.8.8', '172.32.0.1', '2606:4700::1111']) {
      expect([address, isPublic(address)]).toEqual([address, true])
    }
  })

  it.each([
    ['this host', ['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '::1', '::']],
    ['private networks', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1']],
    [
      'cloud metadata and link-local',
      ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fd00:ec2::254'],
    ],
    ['carrier networks', ['100.64.0.1', '100.127.255.255']],
    ['multicast, broadcast, reserved', ['224.0.0.1', '255.255.255.255', '240.0.0.1', 'ff02::1']],
    [
      'IPv4 inside of IPv6',
      ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '::ffff:0:127.0.0.1'],
    ],
    [
      'translated IPv4',
      ['64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001:0:7f00:1::'],
    ],
    ['what is no address', ['', 'localhost', '127.1', '0x7f000001', '1.2.3.4.5', '2130706433']],
  ])('refuses %s', (_what, addresses) => {
    for (const address of addresses) {
      expect([address, isPublic(address)]).toEqual([address, false])
    }
  })

  it('allows what the operator listed, and only that', () => {
    const rule = addressRule(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32'])
    for (const address of ['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', 'fd00:1::5']) {
      expect([address, rule(address)]).toEqual([address, true])
    }
    for (const address of ['10.2.0.1', '127.0.0.2', 'fd00:2::5', '::1']) {
      expect([address, rule(address)]).toEqual([address, false])
    }
  })

  it('names an entry that is no network', () => {
    for (const entry of ['10.0.0.0/33', 'example.com', '10.0.0.0/']) {
      expect(() => addressRule([entry])).toThrow(InvalidNetwork)
      expect(() => addressRule([entry])).toThrow(entry)
    }
  })
})

describe('safeLookup', () => {
  const look = (rule: string[], options: object) =>
    new Promise((resolve) => {
      safeLookup(addressRule(rule))('localhost', options, (error, address) =>
        resolve(error ?? address),
      )
    })

  it('fails for a name that resolves to an address which is not allowed', async () => {
    expect(await look([], { all: true })).toBeInstanceOf(ForbiddenAddress)
    expect(await look([], {})).toBeInstanceOf(ForbiddenAddress)
  })

  it('resolves in either shape that a socket may ask for', async () => {
    const allowed = ['127.0.0.0/8', '::1']
    expect(await look(allowed, { family: 4 })).toBe('127.0.0.1')
    expect(await look(allowed, { family: 4, all: true })).toEqual([
      { address: '127.0.0.1', family: 4 },
    ])
  })
})
