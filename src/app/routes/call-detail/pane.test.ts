import { describe, expect, it } from 'vitest'
import { parsePane, withPane } from './pane.ts'

describe('parsePane', () => {
  it('takes a pane there is and nothing else', () => {
    expect(parsePane(new URLSearchParams('pane=details'))).toBe('details')
    expect(parsePane(new URLSearchParams('pane=secrets'))).toBeNull()
    expect(parsePane(new URLSearchParams(''))).toBeNull()
  })
})

describe('withPane', () => {
  it('keeps the rest of the search', () => {
    expect(withPane('?q=refund&t=3', 'results')).toBe('?q=refund&t=3&pane=results')
    expect(withPane('?pane=details&q=refund', null)).toBe('?q=refund')
  })

  it('leaves no question mark behind', () => {
    expect(withPane('?pane=details', null)).toBe('')
  })
})
