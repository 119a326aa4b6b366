// `npm run bench -- <name>`: one benchmark of bench/, printed as a table.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { become, build, install, ROOT } from './bootstrap.mjs'

const [name, ...args] = process.argv.slice(2)
const script = join('bench', `${name}.ts`)
if (name === undefined || !existsSync(join(ROOT, script))) {
  const names = readdirSync(join(ROOT, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace('.ts', ''))
  console.error(`Expected the name of a benchmark: ${names.join(', ')}`)
  process.exit(2)
}
install()
build()
become(script, args)
