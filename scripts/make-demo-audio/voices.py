"""Text in, samples with word times out: libflite (English) and libespeak-ng (Spanish) through ctypes."""

import ctypes
import re
from dataclasses import dataclass

import numpy

SAMPLE_RATE_HZ = 16000

# Active speech is brought to this level; a reviewer should not have to touch the volume between calls.
TARGET_RMS = 10 ** (-21 / 20)
PEAK_LIMIT = 10 ** (-3 / 20)
# A 10 ms frame above this counts as speech. The noise floor of a finished call is 24 dB lower or more.
SPEECH_RMS = 10 ** (-39 / 20)
FRAME_SECONDS = 0.01

# A telephone passes about 300 to 3400 Hz; a little more is kinder to the synthetic voices.
BAND_HZ = (220, 3700)
BAND_EDGE_HZ = 120


@dataclass
class Word:
    """One word as the transcript shows it; seconds from the first sample of its utterance."""

    text: str
    start: float
    end: float


@dataclass
class Utterance:
    """`samples` begin and end with speech: silence around it is cut off."""

    samples: numpy.ndarray
    words: list[Word]

    @property
    def seconds(self):
        return len(self.samples) / SAMPLE_RATE_HZ


def speak(shown_words, spoken_words, voice, emphasis=False):
    """
    Says `spoken_words[i]` for each `shown_words[i]` (one to many words each).
    Raises ValueError where the engine's words cannot be matched with ours.
    """
    pace = voice['pace'] * (0.88 if emphasis else 1)
    engine = {'flite': _flite, 'espeak': _espeak}[voice['engine']]
    samples, rate_hz, spans = engine(spoken_words, voice['name'], pace * voice['pitch'])
    if len(spans) != len(shown_words):
        raise ValueError(f'{len(spans)} words spoken, {len(shown_words)} shown: {spoken_words}')
    # Playing at `pitch` times the rate shortens everything by the same factor.
    samples = _resample(samples, SAMPLE_RATE_HZ / (rate_hz * voice['pitch']))
    words = [
        Word(text, start / voice['pitch'], end / voice['pitch'])
        for text, (start, end) in zip(shown_words, spans)
    ]
    # Trimmed after the filter: an "s" or "th" that the line swallows must not count as speech.
    utterance = _trimmed(_levelled(band_limited(samples)), words)
    if emphasis:
        utterance.samples = numpy.clip(utterance.samples * 1.5, -PEAK_LIMIT, PEAK_LIMIT)
    return utterance


def cut_after(utterance, word_count):
    """The beginning of an utterance up to the end of its `word_count`th word, faded out over 40 ms."""
    words = utterance.words[:word_count]
    samples = utterance.samples[: int(words[-1].end * SAMPLE_RATE_HZ)].copy()
    fade = int(0.04 * SAMPLE_RATE_HZ)
    samples[-fade:] *= numpy.linspace(1, 0, fade)
    return _trimmed(samples, words)


def frame_rms(samples, frame_seconds=FRAME_SECONDS):
    """Level of each full frame, linear."""
    size = int(frame_seconds * SAMPLE_RATE_HZ)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    return numpy.sqrt(numpy.mean(frames**2, axis=1))


def band_limited(samples):
    """What is left of the samples after a telephone line; works on the last axis."""
    length = samples.shape[-1]
    frequency = numpy.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ)
    low, high = BAND_HZ
    gain = 1 / (1 + numpy.exp(-(frequency - low) / (BAND_EDGE_HZ / 4)))
    gain *= 1 / (1 + numpy.exp((frequency - high) / (BAND_EDGE_HZ / 2)))
    return numpy.fft.irfft(numpy.fft.rfft(samples) * gain, length)


def _levelled(samples):
    levels = frame_rms(samples)
    active = levels[levels > levels.max() * 0.1]
    samples = samples * (TARGET_RMS / numpy.sqrt(numpy.mean(active**2)))
    return samples * min(1, PEAK_LIMIT / numpy.abs(samples).max())


def _trimmed(samples, words):
    loud = numpy.flatnonzero(frame_rms(samples) > SPEECH_RMS)
    first = loud[0] * FRAME_SECONDS
    last = (loud[-1] + 1) * FRAME_SECONDS
    within = samples[round(first * SAMPLE_RATE_HZ) : round(last * SAMPLE_RATE_HZ)]
    length = len(within) / SAMPLE_RATE_HZ
    moved = [
        Word(word.text, min(max(word.start - first, 0), length), min(max(word.end - first, 0), length))
        for word in words
    ]
    # The outer words take the measured bounds, so that segment and first word agree.
    moved[0].start, moved[-1].end = 0, length
    return Utterance(within, moved)


def _resample(samples, factor):
    length = round(len(samples) * factor)
    spectrum = numpy.fft.rfft(samples)
    bins = length // 2 + 1
    spectrum = numpy.pad(spectrum, (0, max(0, bins - len(spectrum))))[:bins]
    return numpy.fft.irfft(spectrum, length) * factor


# ------------------------------------------------------------------ flite


class _FliteVoice(ctypes.Structure):
    _fields_ = [('name', ctypes.c_char_p), ('features', ctypes.c_void_p)]


class _FliteWave(ctypes.Structure):
    _fields_ = [
        ('type', ctypes.c_char_p),
        ('sample_rate', ctypes.c_int),
        ('num_samples', ctypes.c_int),
        ('num_channels', ctypes.c_int),
        ('samples', ctypes.POINTER(ctypes.c_short)),
    ]


_flite_library = None
_flite_voices = {}


def _flite(spoken_words, name, stretch):
    flite = _open_flite()
    if name not in _flite_voices:
        register = getattr(ctypes.CDLL(f'libflite_cmu_us_{name}.so.1'), f'register_cmu_us_{name}')
        register.restype, register.argtypes = ctypes.POINTER(_FliteVoice), [ctypes.c_void_p]
        _flite_voices[name] = register(None)
    voice = _flite_voices[name]
    flite.flite_feat_set_float(voice.contents.features, b'duration_stretch', stretch)

    utterance = flite.flite_synth_text(' '.join(spoken_words).encode(), voice)
    wave = flite.utt_wave(utterance).contents
    samples = numpy.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(float) / 32768
    rate_hz = wave.sample_rate
    tokens = _flite_tokens(flite, utterance)
    flite.delete_utterance(utterance)
    return samples, rate_hz, _grouped(tokens, [len(words.split()) for words in spoken_words])


def _flite_tokens(flite, utterance):
    """Start and end second of every whitespace-separated token."""
    tokens = []
    token = flite.relation_head(flite.utt_relation(utterance, b'Token'))
    while token:
        times = []
        word = flite.item_daughter(token)
        while word:
            start = flite.ffeature_float(word, b'R:SylStructure.daughter1.daughter1.R:Segment.p.end')
            end = flite.ffeature_float(word, b'R:SylStructure.daughtern.daughtern.R:Segment.end')
            times.append((start, end))
            word = flite.item_next(word)
        if times:
            tokens.append((times[0][0], times[-1][1]))
        token = flite.item_next(token)
    return tokens


def _open_flite():
    global _flite_library
    if _flite_library:
        return _flite_library
    flite = ctypes.CDLL('libflite.so.1', mode=ctypes.RTLD_GLOBAL)
    for name in ('cmulex', 'usenglish'):
        ctypes.CDLL(f'libflite_{name}.so.1', mode=ctypes.RTLD_GLOBAL)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    signatures = {
        'flite_synth_text': (pointer, [text, ctypes.POINTER(_FliteVoice)]),
        'flite_feat_set_float': (None, [pointer, text, ctypes.c_float]),
        'utt_wave': (ctypes.POINTER(_FliteWave), [pointer]),
        'utt_relation': (pointer, [pointer, text]),
        'relation_head': (pointer, [pointer]),
        'item_next': (pointer, [pointer]),
        'item_daughter': (pointer, [pointer]),
        'ffeature_float': (ctypes.c_float, [pointer, text]),
        'delete_utterance': (None, [pointer]),
    }
    for name, (result, arguments) in signatures.items():
        getattr(flite, name).restype, getattr(flite, name).argtypes = result, arguments
    flite.flite_init()
    _flite_library = flite
    return flite


# ------------------------------------------------------------------ espeak-ng


class _EspeakEvent(ctypes.Structure):
    _fields_ = [
        ('type', ctypes.c_int),
        ('unique_identifier', ctypes.c_uint),
        ('text_position', ctypes.c_int),
        ('length', ctypes.c_int),
        ('audio_position', ctypes.c_int),
        ('sample', ctypes.c_int),
        ('user_data', ctypes.c_void_p),
        ('id', ctypes.c_char * 8),
    ]


_ESPEAK_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_EspeakEvent)
)
_ESPEAK_SYNCHRONOUS, _ESPEAK_UTF8, _ESPEAK_RATE, _ESPEAK_WORD = 2, 1, 1, 1
_ESPEAK_WORDS_PER_MINUTE = 165

_espeak_library = None
_espeak_rate_hz = 0
_espeak_chunks = []
_espeak_words = []


@_ESPEAK_CALLBACK
def _collect_espeak(samples, count, events):
    if samples and count:
        _espeak_chunks.append(numpy.ctypeslib.as_array(samples, (count,)).copy())
    index = 0
    while events[index].type != 0:
        if events[index].type == _ESPEAK_WORD:
            _espeak_words.append((events[index].text_position - 1, events[index].audio_position / 1000))
        index += 1
    return 0


def _espeak(spoken_words, name, stretch):
    espeak = _open_espeak()
    if espeak.espeak_SetVoiceByName(name.encode()) != 0:
        raise ValueError(f'espeak-ng has no voice {name}')
    espeak.espeak_SetParameter(_ESPEAK_RATE, round(_ESPEAK_WORDS_PER_MINUTE / stretch), 0)
    _espeak_chunks.clear()
    _espeak_words.clear()
    text = ' '.join(spoken_words)
    data = text.encode()
    espeak.espeak_Synth(data, len(data) + 1, 0, 1, 0, _ESPEAK_UTF8, None, None)
    espeak.espeak_Synchronize()
    samples = numpy.concatenate(_espeak_chunks).astype(float) / 32768

    # Events tell where a word starts in the text; one token can hold several ("220").
    offsets = [0] + [match.end() for match in re.finditer(r'\s+', text)]
    starts = {}
    for position, second in _espeak_words:
        index = max(i for i, offset in enumerate(offsets) if offset <= max(position, 0))
        starts.setdefault(index, second)
    if len(starts) != len(offsets):
        raise ValueError(f'espeak-ng reported {len(starts)} of {len(offsets)} words: {text}')
    begins = [starts[index] for index in range(len(offsets))]
    tokens = list(zip(begins, begins[1:] + [len(samples) / _espeak_rate_hz]))
    groups = _grouped(tokens, [len(words.split()) for words in spoken_words])
    return samples, _espeak_rate_hz, groups


def _open_espeak():
    global _espeak_library, _espeak_rate_hz
    if _espeak_library:
        return _espeak_library
    espeak = ctypes.CDLL('libespeak-ng.so.1')
    espeak.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    _espeak_rate_hz = espeak.espeak_Initialize(_ESPEAK_SYNCHRONOUS, 0, None, 0)
    espeak.espeak_SetSynthCallback(_collect_espeak)
    _espeak_library = espeak
    return espeak


def _grouped(tokens, sizes):
    if sum(sizes) != len(tokens):
        raise ValueError(f'{len(tokens)} tokens spoken, {sum(sizes)} expected')
    groups, index = [], 0
    for size in sizes:
        groups.append((tokens[index][0], tokens[index + size - 1][1]))
        index += size
    return groups
