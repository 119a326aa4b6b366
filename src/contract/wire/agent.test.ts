import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agent, AgentChange } from '../agent.ts'
import {
  fromWireAgentChange,
  toWireAgent,
  WireAgent,
  WireAgentChange,
  WireAgentInput,
} from './agent.ts'

const agent: Agent = {
  id: 2,
  name: 'Front desk',
  assistantId: 'asst_1',
  provider: 'vapi',
  description: 'You answer calls.',
  language: 'de',
  isInbound: true,
  contactNumber: '+15550100',
  hasWebhookSecret: true,
  knowledge: 'We open at nine.',
  topicNodes: [{ name: 'refund', description: 'Money back' }],
  dropoffNodes: [{ name: 'greeting', description: '' }],
  isDemo: false,
  callCount: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T00:00:00.000Z',
}

describe('an agent on the wire', () => {
  it('has the names of the wire, and nothing about its secret', () => {
    const wire = toWireAgent(agent, 1)
    expect(wire).toEqual({
      id: 2,
      agent_name: 'Front desk',
      project: 1,
      description: 'You answer calls.',
      language: 'de',
      inbound: true,
      contact_number: '+15550100',
      assistant_id: 'asst_1',
      provider: 'vapi',
      topic_nodes: [{ name: 'refund', description: 'Money back' }],
      dropoff_nodes: [{ name: 'greeting', description: '' }],
      knowledge: 'We open at nine.',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-02T00:00:00.000Z',
    })
    expect(WireAgent.parse(wire)).toEqual(wire)
  })

  it('that comes back is a change to the same values', () => {
    const text = fc.stringMatching(/^[\p{L}\p{N}]{1,30}$/u)
    const change: fc.Arbitrary<AgentChange> = fc.record(
      {
        name: text,
        assistantId: text,
        provider: text,
        description: text,
        language: text,
        isInbound: fc.option(fc.boolean()),
        contactNumber: text,
        knowledge: text,
        topicNodes: fc.array(fc.record({ name: text, description: text }), { maxLength: 3 }),
        dropoffNodes: fc.array(fc.record({ name: text, description: text }), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(change, (given) => {
        const { id, project, created_at, updated_at, ...wire } = toWireAgent(
          { ...agent, ...given },
          1,
        )
        const { hasWebhookSecret, isDemo, callCount, createdAt, updatedAt, ...own } = agent
        expect({ ...fromWireAgentChange(WireAgentChange.parse(wire)), id: 2 }).toEqual({
          ...own,
          ...given,
        })
      }),
    )
  })

  it('leaves out of a change what was left out', () => {
    expect(fromWireAgentChange(WireAgentChange.parse({}))).toEqual({})
    expect(fromWireAgentChange(WireAgentChange.parse({ inbound: null }))).toEqual({
      isInbound: null,
    })
    expect(fromWireAgentChange(WireAgentChange.parse({ assistant_id: null }))).toEqual({
      assistantId: '',
    })
  })

  it('may have topics and stages by their names alone', () => {
    const wire = { topic_nodes: [' refund ', { name: 'price' }], dropoff_nodes: [] }
    expect(fromWireAgentChange(WireAgentChange.parse(wire))).toEqual({
      topicNodes: [
        { name: 'refund', description: '' },
        { name: 'price', description: '' },
      ],
      dropoffNodes: [],
    })
  })

  it.each([
    ['vapi', 'vapi'],
    [{ name: 'vapi', redact_fields: ['ssn'] }, 'vapi'],
    [{}, ''],
  ])('may spell its provider as %j', (provider, expected) => {
    expect(WireAgentInput.parse({ agent_name: 'x', provider }).provider).toBe(expected)
  })

  it.each([
    {},
    { agent_name: '' },
    { agent_name: 7 },
    { agent_name: 'x', language: 'x'.repeat(36) },
    { agent_name: 'x', topic_nodes: [''] },
    { agent_name: 'x', topic_nodes: 'refund' },
  ])('is not made of %j', (input) => {
    expect(WireAgentInput.safeParse(input).success).toBe(false)
  })
})
