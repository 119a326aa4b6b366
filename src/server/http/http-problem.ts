import { type FilterIssue, issueText } from '#contract/filter-parse.ts'
import type { Problem } from '#contract/problem.ts'

/** An answer that is an error, in the wire's shape. Thrown by routes and presented in one place. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly statusCode: number
  readonly problem: Problem

  constructor(statusCode: number, problem: Problem) {
    super(JSON.stringify(problem))
    this.statusCode = statusCode
    this.problem = problem
  }
}

/** 400 with one message for one field. */
export function badField(field: string, message: string): HttpProblem {
  return new HttpProblem(400, { [field]: [message] })
}

/** 400 with every mistake of a filter by its place, under the name of the field that held it. */
export function badFilter(field: string, issues: readonly FilterIssue[]): HttpProblem {
  return new HttpProblem(400, { [field]: issues.map(issueText) })
}

export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, { detail: `${what} not found.` })
}
