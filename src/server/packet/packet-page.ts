import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CallFile } from './call-file.ts'
import { html, type Markup, trusted } from './markup.ts'
import type { PacketPart } from './packet-parts.ts'
import {
  badge,
  commentSection,
  reviewSection,
  rubricSection,
  verdictSection,
} from './packet-results.ts'
import { transcriptSection } from './packet-transcript.ts'
import { callOutcome, clock, moment, sizeWords } from './result-words.ts'

/** The look of pages that stand alone. */
export const PACKET_STYLE = readFileSync(new URL('packet-page.css', import.meta.url), 'utf8')
const SCRIPT = readFileSync(new URL('packet-page.js', import.meta.url), 'utf8')

/** Nothing is loaded from anywhere, and nothing runs but the one script that is in the page. */
export const PACKET_POLICY = [
  "default-src 'none'",
  'media-src data: blob:',
  `style-src 'sha256-${hashOf(PACKET_STYLE)}'`,
  `script-src 'sha256-${hashOf(SCRIPT)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('base64')
}

/** The sound of a packet. */
export type PacketSound = { name: string; mimeType: string; sizeBytes: number; sha256: string }

export type PacketPage = {
  file: CallFile
  parts: readonly PacketPart[]
  /** Null: the packet has no sound, for the reason in `silence`. */
  sound: PacketSound | null
  silence: string
  author: string
  /** ISO 8601 UTC. */
  madeAt: string
}

/** The page up to the bytes of the sound, so that the text is there before megabytes of it are read; piece by piece. */
export function* pageBeforeSound(page: PacketPage): Generator<string> {
  for (const { markup } of piecesBeforeSound(page)) yield markup
}

function* piecesBeforeSound(page: PacketPage): Generator<Markup> {
  const { file, sound } = page
  const heard = { hasAudio: sound !== null }
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(PACKET_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Call ${file.callId}</title>
<style>${trusted(PACKET_STYLE)}</style>
</head>
<body>
${sound !== null && html`<a class="skip" href="#player">To the player</a>`}
${pageHeader(file)}
<main>
`
  yield* transcriptSection(file.segments, heard)
  yield html`
<div class="side">
${verdictSection(file, heard)}
${rubricSection(file.rubric)}
`
  yield* commentSection(file, heard)
  yield html`
${reviewSection(file.review)}
${factSection(file)}
${partSection(page)}
</div>
</main>
<footer><p>Made by ${page.author} on ${moment(page.madeAt)} with Talktrack.${sound === null && ` ${page.silence}`}</p></footer>
`
}

/** The start of the player: the bytes follow as base64, then `pageAfterSound`. */
export function soundOpening({ mimeType }: PacketSound): string {
  return html`<section id="player" class="player" aria-label="Player" tabindex="-1">
<label><input type="checkbox" id="follow" checked> Follow</label>
<audio controls preload="none" aria-label="Recording" src="data:${mimeType};base64,`.markup
}

export const SOUND_CLOSING = '"></audio>\n</section>\n'

/** The files of the packet and its script; piece by piece. */
export function* pageEnd(parts: readonly PacketPart[]): Generator<string> {
  for (const { name, pieces } of parts) {
    yield html`<script type="application/json" id="${name}">`.markup
    yield* pieces
    yield '</script>\n'
  }
  yield html`<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.markup
}

function pageHeader(file: CallFile): Markup {
  const facts = [file.agentName, moment(file.startedAt)]
  if (file.durationSeconds !== null) facts.push(clock(file.durationSeconds))
  return html`<header>
<h1>${file.callId}</h1>
<p>${badge(callOutcome(file))} <span class="soft">${facts.filter(Boolean).join(' · ')}</span></p>
</header>`
}

function factSection(file: CallFile): Markup {
  const received = file.isStartedAtReceipt ? ' (received; the sender gave no time)' : ''
  const facts: [string, string][] = [
    ['Agent', file.agentName],
    ['Started', moment(file.startedAt) + received],
    ['Customer', file.customerNumber],
    ['Ended because', file.endedReason],
    ['Topic', file.topic],
    ['Drop-off', file.dropoffPoint],
    ['Tags', file.tags.join(', ')],
    ['Trace', file.traceId],
    ['Revision', String(file.revision)],
    ['Recording as received', receivedWords(file)],
  ]
  const known = facts.filter(([, value]) => value !== '')
  return html`
<section aria-labelledby="facts-title">
<h2 id="facts-title">Facts</h2>
<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
${valueTree('Metadata', file.metadata)}
${valueTree('Dynamic variables', file.dynamicVariables)}
</section>`
}

/** What plays may be a copy with exact times; this tells which file it was made of. */
function receivedWords({ recording }: CallFile): string {
  if (recording === null) return ''
  const { format, codec, sizeBytes, sha256 } = recording
  return `${format} (${codec}), ${sizeWords(sizeBytes)}, SHA-256 ${sha256}`
}

function valueTree(title: string, values: Record<string, unknown>): Markup {
  if (Object.keys(values).length === 0) return html``
  return html`<details><summary>${title}</summary><pre>${JSON.stringify(values, null, 2)}</pre></details>`
}

type ListedPart = Pick<PacketPart, 'name' | 'sizeBytes' | 'sha256'>

function partSection({ parts, sound }: PacketPage): Markup {
  const listed: ListedPart[] = sound === null ? [...parts] : [sound, ...parts]
  return html`
<section aria-labelledby="parts-title">
<h2 id="parts-title">Parts</h2>
<p class="soft">What this page is made of. The check tells whether a part was damaged or changed; who changes a part can change its sum here too, so compare the list with one that came another way where that matters.</p>
<ul class="plain">${listed.map(partItem)}</ul>
<p><button type="button" id="verify">Check the parts</button></p>
<p role="status" id="verified"></p>
<noscript><p>Checking, saving and jumping to a moment need scripts.</p></noscript>
</section>`
}

function partItem({ name, sizeBytes, sha256 }: ListedPart): Markup {
  return html`<li class="part" data-part="${name}" data-sha256="${sha256}"><b>${name}</b> <span class="soft">${sizeWords(sizeBytes)}</span> <span class="state"></span> <button type="button" data-save="${name}" aria-label="Save ${name}">Save</button><code>${sha256}</code></li>\n`
}
