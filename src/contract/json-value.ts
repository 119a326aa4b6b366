import { z } from 'zod'

/** Any JSON. Registered in place, since it holds itself: a copy with a name would leave the inner one without. */
export const JsonValue = z.json().register(z.globalRegistry, { id: 'JsonValue' })
