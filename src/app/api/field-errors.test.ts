import { describe, expect, it } from 'vitest'
import { toFormErrors } from './field-errors.ts'
import { ApiError, NetworkError } from './request.ts'

const FIELD_OF = { call_id: 'callId', agent: 'agent', assistant_id: 'agent' } as const

function refusal(problem: Record<string, string | string[]>) {
  return new ApiError({ status: 400, problem })
}

describe('toFormErrors', () => {
  it('puts messages at the fields that the wire names, joining those of one field', () => {
    const error = refusal({
      call_id: ['Required.', 'Too long.'],
      agent: ['A.'],
      assistant_id: 'B.',
    })
    expect(toFormErrors(error, FIELD_OF)).toEqual({
      fields: { callId: 'Required.\nToo long.', agent: 'A.\nB.' },
      general: null,
    })
  })

  it('keeps what belongs to no field of the form, named unless it concerns the whole', () => {
    const error = refusal({ non_field_errors: ['Send a recording.'], trace_id: ['Too long.'] })
    expect(toFormErrors(error, FIELD_OF)).toEqual({
      fields: {},
      general: 'Send a recording.\ntrace_id: Too long.',
    })
  })

  it('is not misled by names that every object has', () => {
    expect(toFormErrors(refusal({ constructor: 'x' }), FIELD_OF).general).toBe('constructor: x')
  })

  it('shows an error without fields as a whole', () => {
    expect(toFormErrors(new NetworkError(null), FIELD_OF).general).toContain('cannot be reached')
    expect(toFormErrors(null, FIELD_OF)).toEqual({ fields: {}, general: null })
  })
})
