import { describe, expect, it } from 'vitest'
import { actionOf, REVIEW_KEYS } from './key-map.ts'

const NO_MODIFIER = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false }

describe('actionOf', () => {
  it('tells a step from a small step by shift', () => {
    expect(actionOf({ ...NO_MODIFIER, key: 'ArrowLeft' })).toBe('back')
    expect(actionOf({ ...NO_MODIFIER, key: 'ArrowLeft', shiftKey: true })).toBe('back-little')
  })

  it('takes a bracket however the keyboard writes it', () => {
    expect(actionOf({ ...NO_MODIFIER, key: '[' })).toBe('slower')
    expect(actionOf({ ...NO_MODIFIER, key: ']', shiftKey: true })).toBe('faster')
  })

  it('leaves the combinations of browser and system alone', () => {
    expect(actionOf({ ...NO_MODIFIER, key: 'f', ctrlKey: true })).toBeNull()
    expect(actionOf({ ...NO_MODIFIER, key: 's', metaKey: true })).toBeNull()
    expect(actionOf({ ...NO_MODIFIER, key: 'ArrowLeft', altKey: true })).toBeNull()
  })

  it('takes Enter with Ctrl or Cmd as done, and with nothing else', () => {
    expect(actionOf({ ...NO_MODIFIER, key: 'Enter', ctrlKey: true })).toBe('done-and-next')
    expect(actionOf({ ...NO_MODIFIER, key: 'Enter', metaKey: true })).toBe('done-and-next')
    expect(actionOf({ ...NO_MODIFIER, key: 'Enter' })).toBeNull()
    expect(actionOf({ ...NO_MODIFIER, key: 'Enter', ctrlKey: true, shiftKey: true })).toBeNull()
  })

  it('agrees by y and disagrees by x, but leaves cutting to the browser', () => {
    expect(actionOf({ ...NO_MODIFIER, key: 'y' })).toBe('agree')
    expect(actionOf({ ...NO_MODIFIER, key: 'x' })).toBe('disagree')
    expect(actionOf({ ...NO_MODIFIER, key: 'x', ctrlKey: true })).toBeNull()
  })

  it('ignores keys without a meaning, and shifted space', () => {
    expect(actionOf({ ...NO_MODIFIER, key: 'q' })).toBeNull()
    expect(actionOf({ ...NO_MODIFIER, key: ' ', shiftKey: true })).toBeNull()
  })
})

describe('REVIEW_KEYS', () => {
  it('gives no key two meanings', () => {
    const keys = REVIEW_KEYS.map((each) => each.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
