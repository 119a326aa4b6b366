"""A played story in, an encoded file out; and the measurement that proves the times."""

import subprocess
import zlib

import numpy

from screenplay import Sound, Speech
from voices import SAMPLE_RATE_HZ, band_limited, frame_rms

CALLER, AGENT = 0, 1
TAIL_SECONDS = 0.8
# Far below speech, so that voice activity detection and the ear both take it for silence.
NOISE_RMS = {CALLER: 10 ** (-63 / 20), AGENT: 10 ** (-72 / 20)}

ENCODERS = {
    'ogg': ('ogg', ['-c:a', 'libopus', '-b:a', '32k', '-application', 'voip', '-frame_duration', '40']),
    'mp3': ('mp3', ['-ar', '24000', '-c:a', 'libmp3lame', '-b:a', '32k', '-joint_stereo', '0']),
    'mono-mp3': ('mp3', ['-ar', '24000', '-ac', '1', '-c:a', 'libmp3lame', '-b:a', '24k']),
    'm4a': ('m4a', ['-c:a', 'aac', '-b:a', '32k', '-movflags', '+faststart']),
    'wav': ('wav', ['-ar', '8000', '-c:a', 'pcm_mulaw']),
}

START_TOLERANCE_SECONDS = 0.06
END_TOLERANCE_SECONDS = 0.15
# Encoders smear a little; this sits between their smear and the onset of the softest consonant.
HEARD_RMS = 10 ** (-42 / 20)
SEARCH_SECONDS = 0.3
# Low-rate opus lets a voice through to the other channel for a while after an overlap; above this a
# voice detector may take the echo for speech.
LEAK_RMS = 10 ** (-54 / 20)


def mix(events, slug):
    """Two rows, caller and agent, of one call; ends `TAIL_SECONDS` after the last sound."""
    last = max(_end(event) for event in events if isinstance(event, (Speech, Sound)))
    channels = numpy.zeros((2, round((last + TAIL_SECONDS) * SAMPLE_RATE_HZ)))
    for event in events:
        if isinstance(event, Speech):
            _add(channels[AGENT if event.who == 'A' else CALLER], event.start, event.utterance.samples)
        if isinstance(event, Sound):
            _add(channels[AGENT if event.kind == 'hold' else CALLER], event.start, _tone(event))
    noise = numpy.random.default_rng(zlib.crc32(slug.encode()))
    for channel, level in NOISE_RMS.items():
        channels[channel] += noise.normal(0, level * 1.5, channels.shape[1])
    return band_limited(channels)


def encode(channels, path_without_extension, kind):
    """Writes the file with ffmpeg, the same bytes for the same input; answers its path."""
    extension, arguments = ENCODERS[kind]
    path = path_without_extension.with_suffix(f'.{extension}')
    if kind == 'mono-mp3':
        channels = channels.mean(axis=0, keepdims=True) * 1.6
    samples = numpy.clip(channels.T * 32767, -32768, 32767).astype('<i2').tobytes()
    subprocess.run(
        ['ffmpeg', '-v', 'error', '-y', '-f', 's16le', '-ar', str(SAMPLE_RATE_HZ)]
        + ['-ac', str(len(channels)), '-i', '-', *arguments]
        + ['-map_metadata', '-1', '-bitexact', str(path)],
        input=samples,
        check=True,
    )
    return path


def faults(path, events):
    """
    Decodes the file and compares it with the events: one sentence per agent utterance that is not
    heard where the story says, and per utterance of a caller that leaks into the agent's channel.
    """
    channels = _decoded(path)
    speeches = [event for event in events if isinstance(event, Speech)]
    found = []
    for speech in speeches:
        channel = channels[min(AGENT if speech.who == 'A' else CALLER, len(channels) - 1)]
        same_channel = [
            other
            for other in speeches
            if len(channels) == 1 or (other.who == 'A') == (speech.who == 'A')
        ]
        found += _misplaced(path, speech, frame_rms(channel), same_channel)
        if len(channels) == 2 and speech.who != 'A':
            found += _leaking(path, speech, frame_rms(channels[AGENT]), speeches)
    return found


def _misplaced(path, speech, levels, same_channel):
    # Looks around the utterance, but not into a neighbour of the same channel.
    first, last = speech.start - SEARCH_SECONDS, speech.end + SEARCH_SECONDS
    for other in same_channel:
        if other.start < speech.start:
            first = max(first, min(other.end + 0.1, speech.start))
        if other.start > speech.start:
            last = min(last, max(other.start - 0.1, speech.end))
    before = max(0, round(first * 100))
    loud = numpy.flatnonzero(levels[before : round(last * 100)] > HEARD_RMS) + before
    if len(loud) == 0:
        return [f'{path.name}: nothing heard at {speech.start:.2f} s: {speech.text}']
    start_error = loud[0] / 100 - speech.start
    end_error = (loud[-1] + 1) / 100 - speech.end
    if abs(start_error) <= START_TOLERANCE_SECONDS and abs(end_error) <= END_TOLERANCE_SECONDS:
        return []
    return [f'{path.name}: start {start_error:+.3f} s, end {end_error:+.3f} s off: {speech.text}']


def _leaking(path, speech, agent_levels, speeches):
    frames = numpy.arange(round(speech.start * 100) + 10, round(speech.end * 100) - 10)
    for other in speeches:
        if other.who == 'A':
            frames = frames[(frames < other.start * 100 - 20) | (frames > other.end * 100 + 20)]
    frames = frames[frames < len(agent_levels)]
    if len(frames) == 0 or numpy.quantile(agent_levels[frames], 0.9) < LEAK_RMS:
        return []
    return [f'{path.name}: the caller is heard on the agent channel: {speech.text}']


def _decoded(path):
    probe = ['ffprobe', '-v', 'error', '-show_entries', 'stream=channels', '-of', 'csv=p=0', str(path)]
    answer = subprocess.run(probe, capture_output=True, check=True, text=True).stdout
    count = int(answer.strip().strip(','))
    decode = ['ffmpeg', '-v', 'error', '-i', str(path), '-f', 'f32le', '-ar', str(SAMPLE_RATE_HZ), '-']
    raw = subprocess.run(decode, capture_output=True, check=True).stdout
    return numpy.frombuffer(raw, '<f4').reshape(-1, count).T


def _end(event):
    return event.end if isinstance(event, Speech) else event.start + event.seconds


def _add(channel, start, samples):
    offset = round(start * SAMPLE_RATE_HZ)
    channel[offset : offset + len(samples)] += samples


def _tone(sound):
    time = numpy.arange(int(sound.seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = numpy.minimum(1, numpy.minimum(time, sound.seconds - time) / 0.02)
    if sound.kind == 'beep':
        return 0.12 * edge * numpy.sin(2 * numpy.pi * 1000 * time)
    # Hold music: a broken chord, one note every 0.4 s, each dying away.
    notes_hz = numpy.array([392.0, 493.9, 587.3, 784.0, 587.3, 493.9])
    step = time / 0.4
    note = notes_hz[step.astype(int) % len(notes_hz)]
    return 0.06 * edge * numpy.exp(-3 * (step % 1)) * numpy.sin(2 * numpy.pi * note * time)
