const player = document.querySelector('audio')
const follow = document.querySelector('#follow')
const verified = document.querySelector('#verified')

/** A whole number of base64's groups of four. */
const SLICE_LENGTH = 1 << 20

/** The bytes of a data URL as a blob, which every browser seeks and none limits to 32 MB. */
function toBlob(dataUrl) {
  const start = dataUrl.indexOf(',') + 1
  const type = dataUrl.slice('data:'.length, dataUrl.indexOf(';base64,'))
  const slices = []
  for (let at = start; at < dataUrl.length; at += SLICE_LENGTH) {
    const text = atob(dataUrl.slice(at, at + SLICE_LENGTH))
    const bytes = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i)
    slices.push(bytes)
  }
  return new Blob(slices, { type })
}

const sound = player && toBlob(player.getAttribute('src'))
if (player) {
  player.src = URL.createObjectURL(sound)
  player.preload = 'metadata'
  player.addEventListener('timeupdate', markCurrentRow)
  player.addEventListener('error', () => {
    player.after(`This browser cannot play the recording (${sound.type}).`)
  })
}

const rows = [...document.querySelectorAll('[data-start]')].map((element) => ({
  element,
  start: Number(element.dataset.start),
  end: Number(element.dataset.end),
}))
let current = null

/** The turn that began last, while it lasts; between two turns none. */
function markCurrentRow() {
  const seconds = player.currentTime
  const speaking = rows.filter(({ start, end }) => start <= seconds && seconds < end)
  const next = speaking.at(-1)?.element ?? null
  if (next === current) return
  current?.removeAttribute('aria-current')
  next?.setAttribute('aria-current', 'true')
  current = next
  if (next && follow.checked && !player.paused) next.scrollIntoView({ block: 'nearest' })
}

/** The blob of a part: of the sound, or of the text that stands in the page. */
function partOf(name) {
  const element = document.getElementById(name)
  return element ? new Blob([element.textContent], { type: 'application/json' }) : sound
}

async function isUnchanged({ part, sha256 }) {
  const digest = await crypto.subtle.digest('SHA-256', await partOf(part).arrayBuffer())
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'))
  return hex.join('') === sha256
}

async function checkParts() {
  if (!globalThis.crypto?.subtle) {
    verified.textContent =
      'This browser computes no sums for pages opened from disk. Save the parts and use sha256sum.'
    return
  }
  verified.textContent = 'Checking…'
  const parts = [...document.querySelectorAll('[data-part]')]
  let changedCount = 0
  for (const element of parts) {
    const isSame = await isUnchanged(element.dataset)
    element.querySelector('.state').textContent = isSame ? '✓ unchanged' : '✗ changed'
    if (!isSame) changedCount += 1
  }
  verified.textContent =
    changedCount === 0
      ? `All ${parts.length} parts are unchanged.`
      : `${changedCount} of ${parts.length} parts are changed.`
}

function save(name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(partOf(name))
  link.download = name
  link.click()
}

function handleClick({ target }) {
  const { seek, save: name } = target.closest('button')?.dataset ?? {}
  if (name) save(name)
  if (seek === undefined) return
  player.currentTime = Number(seek)
  // Where it cannot play, its own error event tells.
  player.play().catch(() => undefined)
}

document.addEventListener('click', handleClick)
document.querySelector('#verify').addEventListener('click', () => {
  checkParts().catch((error) => {
    verified.textContent = `The parts could not be checked: ${error.message}`
  })
})
