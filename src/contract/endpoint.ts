import { z } from 'zod'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Who may call it: anyone, any signed-in reader, writers, or administrators. */
type Access = 'public' | 'read' | 'write' | 'admin'

type Shape = z.ZodType | undefined

/** One operation of the dashboard's own API, as server and browser both know it. */
export type Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Output extends z.ZodType = z.ZodType,
> = {
  method: Method
  /** Fastify's notation: `/api/calls/:id`. */
  path: string
  summary: string
  access: Access
  params: Params
  query: Query
  body: Body
  output: Output
}

/** An endpoint; the shapes that are not given are undefined. */
export function endpoint<
  Output extends z.ZodType,
  Params extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends Shape = undefined,
>(definition: {
  method: Method
  path: string
  summary: string
  access: Access
  params?: Params
  query?: Query
  body?: Body
  output: Output
}): Endpoint<Params, Query, Body, Output> {
  return {
    ...definition,
    params: definition.params as Params,
    query: definition.query as Query,
    body: definition.body as Body,
  }
}

/** Of `/:id` in a path. */
export const ById = z.object({ id: z.coerce.number().int().positive() })
