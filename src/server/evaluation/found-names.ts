/** Codes of the metrics whose labels become a call's topic and drop-off point where the sender gave none. */
export const TOPIC_CODE = 'topic-of-call'
export const DROPOFF_CODE = 'dropoff-node'

type Named = { topic: string; dropoffPoint: string }

/**
 * A call as its sender named it: without the names that are no more than the labels of these metrics, which are given by
 * code. What a metric found must not make the input of the others another one.
 */
export function withoutFoundNames<Call extends Named>(
  call: Call,
  labels: ReadonlyMap<string, string | null>,
): Call {
  const { topic, dropoffPoint } = call
  return {
    ...call,
    topic: topic === labels.get(TOPIC_CODE) ? '' : topic,
    dropoffPoint: dropoffPoint === labels.get(DROPOFF_CODE) ? '' : dropoffPoint,
  }
}
