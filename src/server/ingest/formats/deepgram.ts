import type { Speaker } from '#contract/transcript.ts'
import { callSeconds } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  entryLabel,
  type FormatReading,
  type IgnoredEntry,
  type TranscriptContext,
  type TranscriptFormat,
} from './format.ts'
import { isObject, type JsonObject, toList, toNumber, valueAt } from './json-value.ts'
import { readWords, wordText } from './words.ts'

const CONTAINERS = [
  ['results', 'channels'],
  ['results', 'utterances'],
  ['channels'],
  ['utterances'],
  ['words'],
] as const

/**
 * The flat word list, or a whole response of the speech-to-text API, one channel or several.
 * Source: https://developers.deepgram.com, pre-recorded audio, multichannel and diarization.
 */
export const deepgramFormat: TranscriptFormat = {
  type: 'deepgram',
  expects: 'a word with text in "word" and a number in "start"',
  containers: CONTAINERS,
  locate: locateWords,
  recognises: (entry) =>
    !('role' in entry) && ('start' in entry || 'end' in entry) && ownWords(entry).length > 0,
  read: readDeepgram,
}

/** Words in order; those of several channels are merged by start and each names its `channel`. */
function locateWords(payload: unknown): EntryList | null {
  if (Array.isArray(payload)) return { entries: payload, envelope: {}, path: [] }
  if (!isObject(payload)) return null
  const envelope = payload
  for (const path of CONTAINERS) {
    const list = valueAt(payload, path)
    if (!Array.isArray(list)) continue
    const entries = path.at(-1) === 'channels' ? wordsOfChannels(list) : list
    if (entries.length > 0) return { entries, envelope, path: [...path] }
  }
  const hasShape = CONTAINERS.some((path) => Array.isArray(valueAt(payload, path)))
  return hasShape ? { entries: [], envelope, path: [] } : null
}

function wordsOfChannels(channels: readonly unknown[]): JsonObject[] {
  const lists = channels.map((channel) => {
    const best = toList(valueAt(channel, ['alternatives']))[0]
    return toList(valueAt(best, ['words'])).filter(isObject)
  })
  if (lists.length < 2) return lists.flat()
  return lists
    .flatMap((words, channel) => withSortKeys(words).map((item) => ({ ...item, channel })))
    .sort((a, b) => a.start - b.start)
    .map(({ word, channel }) => ({ ...word, channel }))
}

/** A word without a start sorts behind the word before it, so that it stays where it was said. */
function withSortKeys(words: readonly JsonObject[]): { word: JsonObject; start: number }[] {
  let start = Number.NEGATIVE_INFINITY
  return words.map((word) => {
    start = Math.max(start, callSeconds(word.start) ?? start)
    return { word, start: Number.isFinite(start) ? start : -Number.MAX_VALUE }
  })
}

/** An entry is a word, or an utterance with `words` of its own that inherit its speaker and channel. */
function ownWords(entry: JsonObject): JsonObject[] {
  if (wordText(entry) !== '') return [entry]
  const { speaker, channel } = entry
  const words = toList(entry.words)
    .filter(isObject)
    .filter((word) => wordText(word) !== '')
  return words.map((word) => ({ speaker, channel, ...word }))
}

/** `voice` is the channel of a multichannel response, else the diarised speaker, else null. */
type Run = { voice: number | null; words: JsonObject[] }

function readDeepgram({ entries, envelope }: EntryList, context: TranscriptContext): FormatReading {
  const words: JsonObject[] = []
  const ignored: IgnoredEntry[] = []
  for (const [index, entry] of entries.entries()) {
    const own = isObject(entry) ? ownWords(entry) : []
    if (own.length === 0) ignored.push({ index, label: entryLabel(entry) })
    else words.push(...own)
  }
  // The format promises times; text in which not one word has any is another format.
  if (words.every((word) => callSeconds(word.start) === null && callSeconds(word.end) === null)) {
    return { ...EMPTY_READING, ignored }
  }
  const hasChannels = new Set(words.map((word) => toNumber(word.channel))).size > 1
  const runs = toRuns(words, hasChannels)
  const { agentVoice, speakerRule } = chooseAgent(runs, hasChannels, context)
  return {
    ...EMPTY_READING,
    drafts: toDrafts(runs, agentVoice),
    ignored,
    warnings: runs.every((run) => run.voice === null)
      ? ['no word names a speaker or channel: the whole transcript counts as one party']
      : [],
    speakerRule,
    callDurationSeconds: toNumber(valueAt(envelope, ['metadata', 'duration'])),
  }
}

/** A pause does not end a run, only another voice does. A word without a voice belongs to the one before it. */
function toRuns(words: readonly JsonObject[], hasChannels: boolean): Run[] {
  const voices = words.map((word) => toNumber(hasChannels ? word.channel : word.speaker))
  const firstVoice = voices.find((voice) => voice !== null) ?? null
  const runs: Run[] = []
  for (const [index, word] of words.entries()) {
    const current = runs.at(-1)
    const voice = voices[index] ?? current?.voice ?? firstVoice
    if (current?.voice === voice) current.words.push(word)
    else runs.push({ voice, words: [word] })
  }
  return runs
}

type AgentChoice = {
  /** Null: the agent speaks in no run. */
  agentVoice: number | null | 'nobody'
  speakerRule: string
}

/** The provider never says who the agent is; whoever shows the transcript needs to know how it was decided. */
function chooseAgent(
  runs: readonly Run[],
  hasChannels: boolean,
  context: TranscriptContext,
): AgentChoice {
  const { mainAgentChannelIndex, agentIsInbound } = context
  const voices = [...new Set(runs.map((run) => run.voice))]
  if (mainAgentChannelIndex !== null && !voices.includes(null)) {
    const speakerRule = hasChannels ? 'channel' : 'main_agent_channel_index'
    return { agentVoice: mainAgentChannelIndex, speakerRule }
  }
  const [first = null, second] = voices
  if (agentIsInbound !== false) {
    const direction = agentIsInbound === true ? 'inbound' : 'direction unknown'
    return { agentVoice: first, speakerRule: `first speaker (${direction})` }
  }
  // On an outbound call the person says hello first.
  return { agentVoice: second ?? 'nobody', speakerRule: 'first speaker (outbound)' }
}

function toDrafts(runs: readonly Run[], agentVoice: AgentChoice['agentVoice']): DraftSegment[] {
  const callerVoice = runs.find((run) => run.voice !== agentVoice)?.voice
  return runs.map(({ voice, words: rawWords }): DraftSegment => {
    const words = readWords(rawWords, callSeconds)
    const speaker: Speaker = voice === agentVoice ? 'agent' : 'caller'
    const isThird = speaker === 'caller' && voice !== callerVoice
    return {
      kind: 'speech',
      speaker,
      text: rawWords.map(wordText).join(' '),
      startSeconds: words[0]?.startSeconds ?? null,
      endSeconds: words.at(-1)?.endSeconds ?? null,
      ...(words.length > 0 && { words }),
      ...(isThird && { party: `speaker ${voice}` }),
    }
  })
}
