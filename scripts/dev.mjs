// `npm run dev`: the server with reload, and Vite's dev server with hot reload in front of it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, install, NODE, ROOT } from './bootstrap.mjs'

install()
build()

const children = [
  spawn(NODE, ['--watch-path=src/server', '--watch-path=src/contract', 'src/server/main.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  }),
  spawn(NODE, [join('node_modules', 'vite', 'bin', 'vite.js')], { cwd: ROOT, stdio: 'inherit' }),
]
const stop = () => {
  for (const child of children) child.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)
for (const child of children) child.on('exit', stop)
