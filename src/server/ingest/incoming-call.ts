import type { Segment, TranscriptType } from '#contract/transcript.ts'
import type { StoredFile } from '../store/recording-files.ts'
import type { PayloadSource } from '../store/tables.ts'

/** A payload that was read and found valid, in our words: what every way into the product produces. */
export type IncomingCall = {
  projectId: number
  agent: { id: number; name: string } | null
  callId: string
  source: IncomingSource
  /** The payload as it was received, for the history. */
  body: string
  transcript: IncomingTranscript
  recording: IncomingRecording
  details: CallDetails
  defersEvaluation: boolean
  isDemo: boolean
}

/** The way by which a call came in. */
export type IncomingSource = Exclude<PayloadSource, 'patch'>

export type IncomingTranscript =
  | {
      kind: 'parsed'
      type: TranscriptType
      segments: Segment[]
      warnings: string[]
      speakerRule: string | null
    }
  | { kind: 'needs-transcription' }
  /** The call was never answered; `reason` says why, in the provider's words. */
  | { kind: 'not-connected'; reason: string }
  /** The payload says nothing about it: what is stored stays. */
  | { kind: 'absent' }

export type IncomingRecording =
  | { kind: 'file'; file: StoredFile; fileName: string }
  | { kind: 'url'; url: string }
  | { kind: 'absent' }

/** Undefined: the payload does not say, what is stored stays. */
export type CallDetails = {
  startedAt?: Date | undefined
  durationSeconds?: number | undefined
  endedReason?: string | undefined
  customerNumber?: string | undefined
  traceId?: string | undefined
  feedback?: string | undefined
  metadata?: Record<string, unknown> | undefined
  dynamicVariables?: Record<string, unknown> | undefined
  metricIds?: number[] | undefined
  mainAgentChannelIndex?: 0 | 1 | undefined
}
