import { describe, expect, it } from 'vitest'
import { hashSecret, keyHint, newApiKey, newToken } from './secrets.ts'

describe('secrets', () => {
  it('are 256 random bits, keys with a prefix by which leaked ones can be found', () => {
    // 32 bytes are 43 characters of base64url.
    expect(newApiKey()).toMatch(/^tt_[\w-]{43}$/)
    expect(newToken()).toMatch(/^[\w-]{43}$/)
    const many = Array.from({ length: 1000 }, newToken)
    expect(new Set(many).size).toBe(1000)
  })

  it('are stored as SHA-256', () => {
    // Source of the expected value: FIPS 180-4, example "abc".
    expect(hashSecret('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('are told apart by four characters that help nobody to guess the rest', () => {
    expect(keyHint('tt_abcdefghijkl')).toBe('tt_abcd••••')
  })
})
