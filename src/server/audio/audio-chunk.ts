/** Consecutive decoded frames: one array per channel, equally long, linear samples in -1..1. */
export type AudioChunk = { channelData: readonly Float32Array[]; sampleRateHz: number }
