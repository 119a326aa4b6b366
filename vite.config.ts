import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, normalizePath, type Plugin, type Rolldown } from 'vite'

const API_ADDRESS = `http://127.0.0.1:${process.env.PORT ?? '4000'}`
const SERVER_PATHS = [
  '/api',
  '/observability',
  '/test_framework',
  '/openapi.json',
  '/docs',
  '/healthz',
  '/readyz',
]

const FIRST = 'first'
const SHARED = 'shared'

/** What everybody waits for. */
const FIRST_PAGE = normalizePath(
  resolve(import.meta.dirname, 'src/app/routes/call-list/call-list-page.tsx'),
)

export default defineConfig({
  plugins: [react(), tailwindcss(), withoutSchemaGenerators()],
  server: {
    port: 5173,
    proxy: Object.fromEntries(SERVER_PATHS.map((path) => [path, API_ADDRESS])),
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // The full names list every page that shares the chunk, and each import would repeat them.
        chunkFileNames: ({ name }) =>
          `assets/${name.startsWith(`${SHARED}~`) ? SHARED : '[name]'}-[hash].js`,
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/,
            },
            {
              name: 'query',
              // Without what asks several questions at once: only the filter builder does.
              test: /node_modules[\\/]@tanstack[\\/](query-core|react-query)[\\/](?!.*(useQueries|queriesObserver))/,
            },
            // One file compresses better than twenty: what every page needs is one, what the first page needs and others
            // share is one, and what other pages share is a few.
            { name: 'base', tags: ['$initial'] },
            { name: nameNeededFirst(), debugName: FIRST, minShareCount: 2 },
            // Merged beyond 500 bytes, pages would load code that only others run: at 1 KB the page of a call loads 55 KB
            // of the filter language and of metric forms.
            {
              name: SHARED,
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 500,
            },
          ],
        },
      },
    },
  },
})

/**
 * Puts into one group what the first page imports of our own rooms. Not of the pages: what they share brings the drawing
 * of long lists along. Not of packages: a package of icons imports them all before the unused ones are dropped.
 */
function nameNeededFirst(): Rolldown.CodeSplittingNameFunction {
  const room = /[\\/]src[\\/](contract|app[\\/](?!routes[\\/]))/
  let needed: ReadonlySet<string> | undefined
  return (id, context) => {
    needed ??= collectImports(FIRST_PAGE, context)
    return needed.has(id) && room.test(id) ? FIRST : null
  }
}

/** A module and all that it imports from the start. Throws where there is no such module. */
function collectImports(start: string, context: Rolldown.ChunkingContext): ReadonlySet<string> {
  if (!context.getModuleInfo(start)) throw new Error(`${start} is no module of the app.`)
  const found = new Set([start])
  // A set also goes through what is added on the way.
  for (const id of found) {
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported)
  }
  return found
}

/**
 * zod carries a generator of JSON Schema on every schema. The server describes its API with it; the browser never
 * does, and is 5 KB lighter without: there each function of the generator is replaced by one that does nothing.
 */
function withoutSchemaGenerators(): Plugin {
  const generator = /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/
  return {
    name: 'without-schema-generators',
    apply: 'build',
    load(id) {
      if (!generator.test(id)) return null
      const source = readFileSync(id, 'utf8')
      const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      )
      const isProcess = /^export \{ processSchema as process \}/m.test(source)
      const nothing = names.map((name) => `export const ${name} = () => () => undefined`)
      return [...nothing, ...(isProcess ? ['export { processSchema as process }'] : [])].join('\n')
    },
  }
}
