import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDurationText, parseDurationText } from './duration-text.ts'

describe('formatDurationText', () => {
  it('writes only the units that are there', () => {
    expect(formatDurationText(90)).toBe('1m 30s')
    expect(formatDurationText(3600)).toBe('1h')
    expect(formatDurationText(3723.5)).toBe('1h 2m 3.5s') // 3600 + 2 × 60 + 3.5
    expect(formatDurationText(0.25)).toBe('0.25s')
    expect(formatDurationText(0)).toBe('0s')
    expect(formatDurationText(-90)).toBe('-1m 30s')
  })

  it('is not misled by binary fractions', () => {
    // 0.1 + 0.2 is 0.30000000000000004
    expect(formatDurationText(0.1 + 0.2)).toBe('0.3s')
    expect(formatDurationText(59.9999)).toBe('1m')
    expect(formatDurationText(-0.0001)).toBe('0s')
  })
})

describe('parseDurationText', () => {
  it.each([
    ['90', 90],
    ['1:30', 90],
    ['90:00', 5400], // minutes alone may pass the hour
    ['1:02:03', 3723],
    ['0:07.5', 7.5],
    ['1m 30s', 90],
    ['1h 2m', 3720],
    ['1h2m', 3720],
    ['1.5m', 90],
    ['.5 h', 1800],
    ['250ms', 0.25],
    ['2 Minutes 5 seconds', 125],
    ['1d', 86_400],
    ['-30s', -30],
    ['  45 s ', 45],
  ])('reads %s', (text, seconds) => {
    expect(parseDurationText(text)).toBe(seconds)
  })

  it.each([
    '',
    'soon',
    '1x',
    'm',
    '1m 30', // 30 of what?
    '30s 1m',
    '1m 2m',
    '1:75',
    '1:75:00',
    '1:2',
    '1,5m',
    '1.2.3',
    '--5',
    '1e3',
    '99999999999999999h',
  ])('refuses %j', (text) => {
    expect(parseDurationText(text)).toBeNull()
  })

  it('reads back what formatDurationText writes, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
        // Minus zero is the same duration as zero.
        expect(parseDurationText(formatDurationText(ms / 1000))).toBe(ms / 1000 + 0)
      }),
    )
  })

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const seconds = parseDurationText(text)
        expect(seconds === null || Number.isFinite(seconds)).toBe(true)
      }),
    )
  })
})
