// `npm start`: installs what is missing, builds what is stale, serves.
import { become, build, install } from './bootstrap.mjs'

install()
build()
become('src/server/main.ts', [])
