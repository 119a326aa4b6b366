import { describe, expect, it } from 'vitest'
import { fillVariables, findUnknownVariables, findVariables } from './metric-variables.ts'

describe('findVariables', () => {
  it.each([
    ['{{transcript}}', ['transcript']],
    ['{{ metadata.order.plan }}', ['metadata', 'order', 'plan']],
    ['{{metadata["order id"].x}}', ['metadata', 'order id', 'x']],
    ["{{metadata['a.b'][0]}}", ['metadata', 'a.b', '0']],
    ['{{metadata.items.0.name}}', ['metadata', 'items', '0', 'name']],
    ['{{Customer Satisfaction}}', null],
    ['{{1 + 1}}', null],
  ])('reads the keys of %s', (prompt, path) => {
    expect(findVariables(prompt)).toEqual([{ text: prompt.slice(2, -2).trim(), path }])
  })

  it('names each once, in order', () => {
    expect(
      findVariables('{{topic}} {{date}} {{topic}} { {x} } {{}}').map(({ text }) => text),
    ).toEqual(['topic', 'date'])
  })
})

describe('findUnknownVariables', () => {
  it('names what is no variable, as it is written', () => {
    const prompt =
      '{{transcript}} {{Transcript}} {{agent.name}} {{agent.age}} {{metadata.any.thing}} {{dynamic_variables["x"]}} {{topic.x}}'
    expect(findUnknownVariables(prompt)).toEqual(['Transcript', 'agent.age', 'topic.x'])
  })

  it('knows the metrics that are given', () => {
    const prompt = '{{Customer Satisfaction}} {{Latency}} {{explanation["Latency"]}}'
    expect(findUnknownVariables(prompt, ['Latency'])).toEqual(['Customer Satisfaction'])
  })
})

describe('fillVariables', () => {
  it('puts a text in place of each, as it is', () => {
    expect(fillVariables('a {{b}} c {{ d }}', ({ text }) => `$&${text}`)).toBe('a $&b c $&d')
  })
})
