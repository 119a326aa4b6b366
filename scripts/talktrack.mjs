// `npm run talktrack -- <command>`: the command line.
import { become, install } from './bootstrap.mjs'

install()
become('src/server/cli/main.ts', process.argv.slice(2))
