import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import type { CallFile, FileComment } from './call-file.ts'
import { inTurns, TURN_LENGTH } from './in-turns.ts'
import { toSrt, toVtt } from './subtitle-files.ts'
import { transcriptCues } from './transcript-cues.ts'
import { writePacket } from './write-packet.ts'

const TEXT = 'a word <b> '.repeat(90)

/** 2 MB. */
const SEGMENTS: Segment[] = Array.from({ length: 2000 }, (_, index) => ({
  kind: 'speech',
  speaker: 'agent',
  text: `Turn ${index} ${TEXT}`,
  startSeconds: index,
  endSeconds: index + 1,
  timing: 'given',
}))

/** 9 MB. */
const COMMENTS: FileComment[] = Array.from({ length: 900 }, (_, index) => ({
  id: index + 1,
  callId: 1,
  parentId: null,
  author: 'Ada',
  text: `Comment ${index} ${TEXT.repeat(10)}`,
  atSeconds: index,
  segmentIndex: null,
  isResolved: false,
  resolvedBy: '',
  createdAt: '2030-01-01T00:00:00.000Z',
  updatedAt: '2030-01-01T00:00:00.000Z',
}))

function aFile(fields: Partial<CallFile> = {}): CallFile {
  return {
    id: 1,
    callId: 'call-1',
    agentId: null,
    agentName: '',
    startedAt: '2030-01-01T00:00:00.000Z',
    isStartedAtReceipt: false,
    durationSeconds: null,
    status: 'success',
    isJudged: false,
    isReviewed: false,
    customerNumber: '',
    endedReason: '',
    topic: '',
    tags: [],
    longestGapSeconds: null,
    interruptionCount: null,
    toolErrorCount: 0,
    transcriptState: 'ready',
    recordingState: 'none',
    errorMessage: null,
    isDemo: false,
    updatedAt: '2030-01-01T00:00:00.000Z',
    traceId: '',
    feedback: '',
    dropoffPoint: '',
    assistantId: '',
    createdAt: '2030-01-01T00:00:00.000Z',
    revision: 1,
    transcriptType: null,
    speakerRule: null,
    transcriptWarnings: [],
    segments: [],
    metadata: {},
    dynamicVariables: {},
    recording: null,
    verdicts: [],
    rubric: null,
    review: {
      status: 'success',
      isReviewed: false,
      reviewer: '',
      reviewedAt: null,
      feedback: '',
      votes: [],
      wrongCategories: [],
      events: [],
      decisionId: 0,
    },
    comments: [],
    ...fields,
  }
}

function packetOf(file: CallFile) {
  const made = { author: 'Ada', madeAt: '2030-01-01T00:00:00.000Z' }
  return writePacket({ file, sound: null, silence: 'No sound.', ...made })
}

/** How many turns others had meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let isOver = false
  let turnCount = 0
  const counting = (async () => {
    while (!isOver) {
      await setImmediate()
      turnCount += 1
    }
  })()
  await work()
  isOver = true
  await counting
  return turnCount
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

describe('a long packet', () => {
  it.each([
    ['transcript', { segments: SEGMENTS }, { rows: /<li class="row agent"/g, count: 2000 }],
    ['discussion', { comments: COMMENTS }, { rows: /<li class="card"/g, count: 900 }],
  ] as const)(
    'lets others have their turns while its %s is written',
    async (_name, fields, all) => {
      const file = aFile(fields)
      let page = ''
      const turnCount = await turnsDuring(async () => {
        page = await textOf(packetOf(file))
      })
      expect(page.match(all.rows)).toHaveLength(all.count)
      expect(turnCount).toBeGreaterThan(20)
    },
  )

  it('comes in pieces of which none is much longer than a turn', async () => {
    for await (const piece of packetOf(aFile({ segments: SEGMENTS }))) {
      expect(piece.length).toBeLessThan(3 * TURN_LENGTH)
    }
  })

  it('holds its parts as they are indented by two, without a <', async () => {
    const page = await textOf(packetOf(aFile({ segments: SEGMENTS })))
    for (const [name, value] of [
      ['transcript', SEGMENTS],
      ['comments', []],
      ['rubric', null],
    ]) {
      const text = JSON.stringify(value, null, 2).replaceAll('<', '\\u003c')
      expect(page).toContain(`id="${name}.json">${text}</script>`)
    }
  })
})

describe('a short packet', () => {
  it('closes its lists, and has none where nothing is in them', async () => {
    const empty = await textOf(packetOf(aFile()))
    expect(empty).toContain('<p class="soft">There is no transcript.</p>\n</section>')
    expect(empty).toContain('<p class="soft">Nobody has commented on this call.</p>\n</section>')
    const [comment] = COMMENTS
    const full = await textOf(
      packetOf(aFile({ segments: SEGMENTS.slice(0, 1), comments: comment ? [comment] : [] })),
    )
    expect(full).toMatch(/<ol><li class="row agent"[^\n]*<\/li>\n<\/ol>\n<\/section>/)
    expect(full).toMatch(/<ul class="plain"><li class="card">\n[\s\S]*?<\/li>\n<\/ul>\n<\/section>/)
  })
})

describe('long subtitles', () => {
  it('let others have their turns while cues are cut and written', async () => {
    const cues = await transcriptCues(SEGMENTS)
    expect(cues).toHaveLength(2000)
    expect(await turnsDuring(() => transcriptCues(SEGMENTS))).toBeGreaterThan(20)
    for (const toFile of [toSrt, toVtt]) {
      expect(await turnsDuring(() => textOf(inTurns(toFile(cues))))).toBeGreaterThan(20)
    }
  })
})
