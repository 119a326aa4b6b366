import { describe, expect, it } from 'vitest'
import type { Agent } from '#contract/agent.ts'
import { toChange, toDraft, toInput } from './agent-draft.ts'

const agent: Agent = {
  id: 3,
  name: 'Front desk',
  assistantId: 'asst_1',
  provider: 'vapi',
  description: 'Be kind.',
  language: 'en',
  isInbound: true,
  contactNumber: '+4930123',
  hasWebhookSecret: true,
  knowledge: 'Open from 9 to 5.',
  topicNodes: [{ name: 'refund', description: 'Money back' }],
  dropoffNodes: [],
  isDemo: false,
  callCount: 12,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
}

describe('toChange', () => {
  it('is empty for an untouched draft, and leaves the secret alone', () => {
    expect(toChange(agent, toDraft(agent))).toEqual({})
  })

  it('holds only the fields that differ', () => {
    const draft = { ...toDraft(agent), name: 'Reception', direction: 'unknown' as const }
    expect(toChange(agent, draft)).toEqual({ name: 'Reception', isInbound: null })
  })

  it('sends a list as a whole once one of it differs, without empty rows', () => {
    const draft = toDraft(agent)
    const rows = [...draft.topicNodes, { name: 'delay', description: '' }]
    const added = { ...draft, topicNodes: [...rows, { name: ' ', description: '' }] }
    expect(toChange(agent, added)).toEqual({ topicNodes: rows })
    const untouched = { ...draft, topicNodes: [...draft.topicNodes, { name: '', description: '' }] }
    expect(toChange(agent, untouched)).toEqual({})
  })

  it('replaces a secret by its text and removes it with null', () => {
    const draft = toDraft(agent)
    const replaced = { ...draft, secret: { kind: 'replace' as const, text: ' s3cret ' } }
    expect(toChange(agent, replaced)).toEqual({ webhookSecret: 's3cret' })
    expect(toChange(agent, { ...draft, secret: { kind: 'remove' } })).toEqual({
      webhookSecret: null,
    })
  })

  it('does not remove a secret because the field for a new one was left empty', () => {
    const draft = { ...toDraft(agent), secret: { kind: 'replace' as const, text: ' ' } }
    expect(toChange(agent, draft)).toEqual({})
  })
})

describe('toInput', () => {
  it('turns the direction into the contract’s flag', () => {
    expect(toInput({ ...toDraft(agent), direction: 'outbound' })).toMatchObject({
      name: 'Front desk',
      isInbound: false,
    })
  })
})
