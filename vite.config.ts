import { readFileSync } from 'node:fs'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

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

const SHARED = 'shared'

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
            // One file compresses better than twenty: what every page needs is one, and what some pages share is a
            // few. Merged beyond 1.5 KB, pages would load code that only others run.
            { name: 'base', tags: ['$initial'] },
            {
              name: SHARED,
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 1500,
            },
          ],
        },
      },
    },
  },
})

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
