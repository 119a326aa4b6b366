import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Each breaks one fence on purpose; a fence that lets it through protects nothing. */
const FORBIDDEN_IMPORTS = [
  ['src/server/store/x.ts', '../http/build-app.ts'],
  ['src/server/store/x.ts', '../ingest/ingest-call.ts'],
  ['src/server/audio/x.ts', '../store/calls.ts'],
  ['src/server/judge/x.ts', '../store/calls.ts'],
  ['src/server/judge/x.ts', '../http/build-app.ts'],
  ['src/server/sandbox/x.ts', '../store/calls.ts'],
  ['src/server/sandbox/x.ts', '../judge/judge.ts'],
  ['src/server/store/x.ts', '../judge/judge.ts'],
  ['src/server/queue/x.ts', '../ingest/ingest-call.ts'],
  ['src/server/access/x.ts', '../http/build-app.ts'],
  ['src/server/ingest/x.ts', '../http/build-app.ts'],
  ['src/server/ingest/formats/x.ts', '../../http/build-app.ts'],
  ['src/server/ingest/x.ts', '../evaluation/evaluate-call.ts'],
  ['src/server/evaluation/x.ts', '../ingest/ingest-call.ts'],
  ['src/server/actions/x.ts', '../ingest/ingest-call.ts'],
  ['src/server/actions/x.ts', '../http/build-app.ts'],
  ['src/server/store/x.ts', '../actions/run-bulk-action.ts'],
  ['src/server/queue/x.ts', '../actions/run-bulk-action.ts'],
  ['src/server/packet/x.ts', '../store/calls.ts'],
  ['src/server/packet/x.ts', '../http/build-app.ts'],
  ['src/server/store/x.ts', '../packet/write-packet.ts'],
  ['src/server/demo/x.ts', '../http/build-app.ts'],
  ['src/server/http/routes/x.ts', '../../audio/sniff-audio.ts'],
  ['src/server/http/x.ts', '../server.ts'],
  ['src/server/cli/x.ts', '../http/build-app.ts'],
  ['src/app/ui/x.tsx', '../api/calls.ts'],
  ['src/app/format/x.ts', '../ui/button.tsx'],
  ['src/app/api/x.ts', '../routes/error/error-page.tsx'],
  ['src/app/player/x.tsx', '../api/calls.ts'],
  ['src/app/results/x.tsx', '../api/calls.ts'],
  ['src/app/view-state/x.ts', '../api/calls.ts'],
  ['src/app/view-state/x.ts', '../ui/button.tsx'],
  ['src/app/filters/x.tsx', '../api/calls.ts'],
  ['src/app/ui/x.tsx', '../filters/filter-tree.tsx'],
  ['src/app/format/x.ts', '../filters/filter-tree.tsx'],
  ['src/app/api/x.ts', '../filters/filter-tree.tsx'],
  ['src/app/results/x.tsx', '../filters/filter-tree.tsx'],
  ['src/app/api/x.ts', '../bulk/selection.ts'],
  ['src/app/view-state/x.ts', '../views/same-view.ts'],
  ['src/app/views/x.tsx', '../shell/overlays.ts'],
  ['src/app/views/x.tsx', '../bulk/selection.ts'],
  ['src/app/bulk/x.tsx', '../routes/error/error-page.tsx'],
  ['src/app/bulk/x.tsx', '../views/same-view.ts'],
  ['src/app/routes/call-list/x.tsx', 'wavesurfer.js'],
  ['src/contract/x.ts', '#server/config.ts'],
] as const

const ALLOWED_IMPORTS = [
  ['src/server/ingest/x.ts', '../store/calls.ts'],
  ['src/server/http/routes/x.ts', '../../ingest/ingest-call.ts'],
  ['src/server/http/routes/x.ts', '../../actions/run-bulk-action.ts'],
  ['src/server/actions/x.ts', '../queue/job-kinds.ts'],
  ['src/server/http/routes/x.ts', '../../judge/judge.ts'],
  ['src/server/http/routes/x.ts', '../../packet/write-packet.ts'],
  ['src/app/player/x.tsx', 'wavesurfer.js'],
  ['src/app/routes/call-list/x.tsx', '../../api/calls.ts'],
  ['src/app/filters/x.tsx', '../ui/button.tsx'],
] as const

describe('the lint fences between rooms', () => {
  let folder: string
  let refused: Set<string>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talktrack-fences-'))
    const config = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8')) as object
    await writeFile(
      join(folder, 'biome.json'),
      JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } }),
    )
    for (const [index, [file, target]] of [...FORBIDDEN_IMPORTS, ...ALLOWED_IMPORTS].entries()) {
      await writeImport(probeOf(file, index), target)
    }
    refused = lintedFiles()
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(FORBIDDEN_IMPORTS)('%s must not import %s', (file, target) => {
    const index = FORBIDDEN_IMPORTS.findIndex((pair) => pair[0] === file && pair[1] === target)
    expect([...refused]).toContain(probeOf(file, index))
  })

  it.each(ALLOWED_IMPORTS)('%s may import %s', (file, target) => {
    const index = ALLOWED_IMPORTS.findIndex((pair) => pair[0] === file && pair[1] === target)
    expect([...refused]).not.toContain(probeOf(file, FORBIDDEN_IMPORTS.length + index))
  })

  /** One file of the room for each case. */
  function probeOf(file: string, index: number): string {
    return file.replace('x.ts', `probe-${index}.ts`)
  }

  async function writeImport(file: string, target: string): Promise<void> {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    const source = `import { target } from '${target}'\n\nexport const used = target\n`
    await writeFile(join(folder, file), source)
  }

  /** The files in which Biome found a restricted import. */
  function lintedFiles(): Set<string> {
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
    const result = spawnSync(
      process.execPath,
      [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    )
    const lines = result.stdout.split('\n').filter((line) => line.includes('noRestrictedImports'))
    return new Set(lines.flatMap((line) => /file=[^,]*?(src[^,]+)/.exec(line)?.[1] ?? []))
  }
})

describe('the compiler fences between runtimes', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talktrack-fences-'))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const VIOLATIONS = [
    ['contract', 'the browser', 'export const width = window.innerWidth'],
    [
      'contract',
      'Node',
      "import { readFile } from 'node:fs/promises'\nexport const read = readFile",
    ],
    ['server', 'the browser', 'export const width = window.innerWidth'],
    ['app', 'Node', "import { readFile } from 'node:fs/promises'\nexport const read = readFile"],
    [
      'app',
      'the server',
      `import { readConfig } from '${ROOT}/src/server/config.ts'\nreadConfig({})`,
    ],
  ] as const

  it.each(VIOLATIONS)('%s cannot use %s', async (room, _forbidden, source) => {
    expect(await compiled(room, source)).toMatch(/error TS/)
  })

  it.each(['contract', 'server', 'app'] as const)(
    '%s compiles what belongs there',
    async (room) => {
      expect(await compiled(room, 'export const answer: number = 42')).toBe('')
    },
  )

  async function compiled(room: string, source: string): Promise<string> {
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    const file = join(folder, `${room}-probe.ts`)
    await writeFile(file, source)
    const project = join(folder, `tsconfig.${room}.json`)
    await writeFile(
      project,
      JSON.stringify({
        extends: join(ROOT, 'src', room, 'tsconfig.json'),
        compilerOptions: {
          composite: false,
          incremental: false,
          noEmit: true,
          emitDeclarationOnly: false,
          rootDir: '/',
          tsBuildInfoFile: null,
          typeRoots: [join(ROOT, 'node_modules/@types')],
        },
        files: [file],
        include: [],
        references: [],
      }),
    )
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const result = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
    return result.stdout
  }
})
