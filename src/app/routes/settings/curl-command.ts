/** A command that sends a call of two lines. Quoting is for sh; nothing in it needs escaping. */
export function curlCommand({ origin, agentId }: { origin: string; agentId: number | null }) {
  return [
    `curl -X POST ${origin}/observability/v1/observe/ \\`,
    `  -H 'X-CEKURA-API-KEY: <your key>' \\`,
    `  -F call_id=first-call \\`,
    `  -F agent=${agentId ?? '<agent id>'} \\`,
    `  -F voice_recording=@call.wav \\`,
    `  -F 'transcript_json=[`,
    `    {"role": "Main Agent", "content": "Hello, how can I help?", "start_time": 0.4},`,
    `    {"role": "Testing Agent", "content": "I need to move my visit.", "start_time": 2.9}`,
    `  ]'`,
  ].join('\n')
}
