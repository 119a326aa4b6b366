import { createRandom, pick, sampleWords } from './sample-text.ts'

const ENTRIES = 14
const WORDS_PER_ENTRY = 21

/**
 * Bodies of `observe` for agent 1: a transcript of 14 turns and metadata of 8 keys, about 3 KB of JSON.
 * Each is text with its `call_id` left out; `withCallId` puts one in.
 */
export function observeBodies(count: number): string[] {
  const random = createRandom(7)
  return Array.from({ length: count }, () => JSON.stringify(observeBody(random)))
}

/** Cheaper than building the JSON of each call anew, so that the clients do not eat the server's processor. */
export function withCallId(body: string, callId: string): string {
  return `{"call_id":"${callId}",${body.slice(1)}`
}

function observeBody(random: () => number) {
  return {
    agent: 1,
    transcript_type: 'cekura',
    transcript_json: transcript(random),
    call_ended_reason: pick(random, [
      'customer-ended-call',
      'assistant-ended-call',
      'silence-timed-out',
    ]),
    customer_number: `+1555${String(Math.floor(random() * 1e7)).padStart(7, '0')}`,
    timestamp: new Date(Date.UTC(2026, 0, 1) + Math.floor(random() * 2.6e9)).toISOString(),
    metadata: metadata(random),
  }
}

function transcript(random: () => number) {
  let seconds = 0
  return Array.from({ length: ENTRIES }, (_, i) => {
    const start = Number(seconds.toFixed(2))
    seconds += 4 + random() * 4
    return {
      role: i % 2 === 0 ? 'Main Agent' : 'Testing Agent',
      content: `${sampleWords(random, WORDS_PER_ENTRY).join(' ')}.`,
      start_time: start,
      end_time: Number((seconds - 0.4).toFixed(2)),
    }
  })
}

/** Eight keys of the kinds that senders send: texts, numbers, a flag, one level of nesting. */
function metadata(random: () => number) {
  return {
    region: pick(random, ['EU', 'US', 'APAC']),
    plan: pick(random, ['free', 'team', 'enterprise']),
    campaign: `spring-${Math.floor(random() * 40)}`,
    customer: { tier: Math.floor(random() * 5), since: 2010 + Math.floor(random() * 16) },
    attempts: Math.floor(random() * 6),
    latency_ms: Math.floor(random() * 1800),
    is_vip: random() < 0.1,
    build: `1.${Math.floor(random() * 30)}.${Math.floor(random() * 9)}`,
  }
}
