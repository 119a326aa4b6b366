/** A value of the call that a metric's prompt can name, as `{{name}}`. */
export type MetricVariable = {
  name: string
  /** One line for people. */
  help: string
  /** Whether any path of keys follows the name: `{{metadata.order.plan}}`. */
  hasKeys: boolean
}

/** In the order in which an editor offers them. Source: Cekura API, prompt variables of call logs. */
export const METRIC_VARIABLES: readonly MetricVariable[] = [
  value('transcript', 'The transcript. It always goes along, so this only points at it.'),
  value('transcript_json', 'The same; the transcript always goes along with times and tools.'),
  value('call_duration', 'Length of the call in seconds, as a number.'),
  value('call_end_reason', 'Why the call ended, as it was sent.'),
  value('date', 'Day of the call in UTC, as 2026-03-01.'),
  value('timestamp', 'Start of the call in UTC, as 2026-03-01T12:00:00.000Z.'),
  keyed('metadata', 'A value of the metadata: metadata.order.plan or metadata["order id"].'),
  keyed('dynamic_variables', 'A variable that the agent was started with.'),
  value('agent.description', "The agent's own instructions."),
  value('agent.name', "The agent's name."),
  value('agent.language', "The agent's language, as en."),
  value('agent.inbound', 'true where people call the agent, false where it calls them.'),
  value('agent.contact_number', "The agent's telephone number."),
  value('agent_description', 'The same as agent.description.'),
  value('topic', 'The topic that was sent with the call.'),
  value('call_log_id', "The call's number here."),
  keyed(
    'explanation',
    'Why another metric came to its result: explanation["Customer Satisfaction"].',
  ),
]

function value(name: string, help: string): MetricVariable {
  return { name, help, hasKeys: false }
}

function keyed(name: string, help: string): MetricVariable {
  return { name, help, hasKeys: true }
}

/** One `{{…}}` of a prompt: `text` is what stands inside, `path` its keys; null where it cannot be read as keys. */
export type VariableUse = { text: string; path: readonly string[] | null }

const USE = /\{\{([^{}]+)\}\}/g
/** A name; then `.name`, `["any text"]`, `['any text']` or `[0]`. */
const STEP = /\.?([\p{L}_$][\p{L}\p{N}_$-]*)|\.(\d+)|\[\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*\]/uy

/** The prompt with each `{{…}}` replaced by what `fill` gives for it. */
export function fillVariables(prompt: string, fill: (use: VariableUse) => string): string {
  return prompt.replace(USE, (_match, inside: string) => fill(readUse(inside)))
}

/** What stands between the braces of a prompt, each once and in order. */
export function findVariables(prompt: string): VariableUse[] {
  const uses = new Map<string, VariableUse>()
  for (const [, inside = ''] of prompt.matchAll(USE)) {
    const use = readUse(inside)
    uses.set(use.text, use)
  }
  return [...uses.values()]
}

/**
 * The variables of a prompt that name nothing, as they are written; they are filled with nothing. `metricNames` are
 * the metrics whose results can be named. Whether a call's metadata has a key is not known here.
 */
export function findUnknownVariables(
  prompt: string,
  metricNames: readonly string[] = [],
): string[] {
  const names = new Set(metricNames)
  return findVariables(prompt)
    .filter((use) => !names.has(use.text) && !isBuiltIn(use))
    .map(({ text }) => text)
}

/** Whether it is one of `METRIC_VARIABLES`; a metric that has its name cannot be named. */
export function isBuiltIn({ path }: VariableUse): boolean {
  if (path === null) return false
  const [root = ''] = path
  return METRIC_VARIABLES.some(({ name, hasKeys }) =>
    hasKeys ? name === root : name === path.join('.'),
  )
}

function readUse(inside: string): VariableUse {
  const text = inside.trim()
  return { text, path: readPath(text) }
}

/** `a.b`, `a["b"]` and `a['b']` are the same path. */
function readPath(text: string): string[] | null {
  if (!/^[\p{L}_$]/u.test(text)) return null
  const path: string[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text)
    if (match === null) return null
    path.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '')
  }
  return path
}
