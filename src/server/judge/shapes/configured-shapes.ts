import { z } from 'zod'
import { TopicNode } from '#contract/agent.ts'
import { foldCase } from '#contract/fold-case.ts'
import { type AnswerShape, notAsked, type ShapeQuestion } from './answer-shape.ts'
import { labelShape, yesNoShape } from './plain-shapes.ts'

/** Of a topic that is none of the agent's. Source: Cekura API, Topic of Call. */
const OTHER_TOPIC = 'other'

/** True or false against the knowledge of the metric, else of the agent. */
export function hallucinationShape({ metric, call }: ShapeQuestion): AnswerShape {
  const own = metric.content.configuration.knowledge
  const text = (typeof own === 'string' && own.trim()) || (call.agent?.knowledge.trim() ?? '')
  if (text === '') {
    return notAsked(
      'not-configured',
      'There is no knowledge to hold the call against: give the agent some.',
    )
  }
  return yesNoShape({ call, references: [{ title: "The agent's knowledge", text }] })
}

export function topicShape({ metric, call }: ShapeQuestion): AnswerShape {
  const nodes = configuredNodes(metric.content.configuration.topic_nodes)
  const topics = nodes.length > 0 ? nodes : (call.agent?.topicNodes ?? [])
  if (topics.length === 0)
    return notAsked('not-configured', 'The agent has no topics to choose from.')
  const hasOther = topics.some(({ name }) => foldCase(name) === OTHER_TOPIC)
  const other = { name: OTHER_TOPIC, description: 'None of the others fits.' }
  return nodeShape({ call, title: 'The topics', nodes: hasOther ? topics : [...topics, other] })
}

export function dropoffShape({ metric, call }: ShapeQuestion): AnswerShape {
  const nodes = configuredNodes(metric.content.configuration.dropoff_nodes)
  const stages = nodes.length > 0 ? nodes : (call.agent?.dropoffNodes ?? [])
  if (stages.length === 0) {
    return notAsked('not-configured', 'The agent has no stages of a conversation to choose from.')
  }
  return nodeShape({ call, title: 'The stages, in order', nodes: stages })
}

type NodeShape = Pick<ShapeQuestion, 'call'> & { title: string; nodes: readonly TopicNode[] }

function nodeShape({ call, title, nodes }: NodeShape): AnswerShape {
  const lines = nodes.map(({ name, description }) =>
    description === '' ? `- ${name}` : `- ${name}: ${description.replace(/\s+/g, ' ')}`,
  )
  const labels = [...new Set(nodes.map(({ name }) => name))]
  return labelShape({ call, labels, references: [{ title, text: lines.join('\n') }] })
}

/** Source: Cekura API, `topic_nodes` and `dropoff_nodes`: names, or names with descriptions. */
const ConfiguredNode = z.union([
  z
    .string()
    .trim()
    .min(1)
    .transform((name) => ({ name, description: '' })),
  TopicNode.extend({ description: TopicNode.shape.description.default('') }),
])

/** Those that can be read; empty where there are none. */
function configuredNodes(value: unknown): TopicNode[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((node: unknown) => {
    const parsed = ConfiguredNode.safeParse(node)
    return parsed.success ? [parsed.data] : []
  })
}
