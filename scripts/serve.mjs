// `npm run serve`: serves the build that is there, without installing or building.
import { become } from './bootstrap.mjs'

become('src/server/main.ts', [])
