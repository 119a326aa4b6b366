"""A story's script in, its events with their seconds out; every utterance is synthesised here."""

import json
import re
import zlib
from dataclasses import dataclass, field
from random import Random

from voices import Utterance, cut_after, speak

TOOL_DELAY_SECONDS = 0.25
AFTER_TOOL_SECONDS = 0.5
SECONDS_PER_WORD_WITHOUT_VOICE = 0.3

_LINE = re.compile(r'^(?P<who>[ACX])(?P<loud>!?)(?: (?P<gap>[+-][\d.]+))?: (?P<text>.+)$')
_TOOL = re.compile(
    r'^tool(?P<failed>!?) (?P<name>\w+) (?P<arguments>\{.*\}) => (?P<result>\{.*\})'
    r' in (?P<seconds>[\d.]+)$'
)
_SOUND = re.compile(r'^(?P<sound>beep|hold) (?P<seconds>[\d.]+)$')
_EVENT = re.compile(r'^event (?P<name>[\w-]+) \| (?P<text>.+)$')
_TOKEN = re.compile(r'\{([^|}]+)\|([^}]+)\}|(\S+)')


@dataclass
class Speech:
    """`text` was heard; `intended` is the whole sentence where the speaker was cut off, else None."""

    who: str
    text: str
    intended: str | None
    start: float
    end: float
    utterance: Utterance | None
    words: list = field(default_factory=list)


@dataclass
class Tool:
    name: str
    arguments: str
    result: str
    failed: bool
    start: float
    end: float


@dataclass
class Happening:
    name: str
    text: str
    start: float


@dataclass
class Sound:
    kind: str
    start: float
    seconds: float


def play(story, agent, voices, say):
    """Every event of the story in script order, starting at about 0.5 s."""
    director = _Director(story, agent, voices, say)
    for line in story['script']['lines'].strip().splitlines():
        director.take(line.strip())
    return director.events


class _Director:
    def __init__(self, story, agent, voices, say):
        self.events = []
        self.say = say
        self.random = Random(zlib.crc32(story['slug'].encode()))
        self.voices = {
            'A': voices.get(agent.get('voice')),
            'C': voices.get(story.get('caller_voice')),
            'X': voices.get(story.get('third_voice')),
        }
        self.spoken_until = 0.0
        self.tool_done_at = 0.0

    def take(self, line):
        for pattern, handle in (
            (_LINE, self._speech),
            (_TOOL, self._tool),
            (_SOUND, self._sound),
            (_EVENT, self._happening),
        ):
            match = pattern.match(line)
            if match:
                return handle(**match.groupdict())
        raise ValueError(f'no such line in a script: {line}')

    def _speech(self, who, loud, gap, text):
        start = self._start_after(gap)
        heard, _, unheard = text.partition(' // ')
        shown, spoken = _words(text.replace(' // ', ' '), self.say)
        count = len(_words(heard, self.say)[0])
        words_said = shown[:count]
        utterance = None
        if self.voices[who]:
            utterance = speak(shown, spoken, self.voices[who], emphasis=bool(loud))
            if unheard:
                utterance = cut_after(utterance, count)
        seconds = utterance.seconds if utterance else count * SECONDS_PER_WORD_WITHOUT_VOICE
        self.events.append(
            Speech(
                who=who,
                text=' '.join(words_said),
                intended=' '.join(shown) if unheard else None,
                start=start,
                end=start + seconds,
                utterance=utterance,
                words=[
                    (word.text, start + word.start, start + word.end)
                    for word in (utterance.words if utterance else [])
                ],
            )
        )
        self.spoken_until = max(self.spoken_until, start + seconds)

    def _start_after(self, gap):
        if gap is not None:
            return max(0.3, self.spoken_until + float(gap))
        if not self.events:
            return 0.6
        natural = self.spoken_until + self.random.uniform(0.45, 1.15)
        return max(natural, self.tool_done_at + AFTER_TOOL_SECONDS)

    def _tool(self, failed, name, arguments, result, seconds):
        start = max(self.spoken_until, self.tool_done_at) + TOOL_DELAY_SECONDS
        self.tool_done_at = start + float(seconds)
        for text in (arguments, result):
            json.loads(text)
        self.events.append(Tool(name, arguments, result, bool(failed), start, self.tool_done_at))

    def _sound(self, sound, seconds):
        start = self.spoken_until + 0.6
        self.events.append(Sound(sound, start, float(seconds)))
        if sound == 'beep':
            self.spoken_until = start + float(seconds)

    def _happening(self, name, text):
        start = max(self.spoken_until + 0.3, self.tool_done_at + 0.1)
        self.events.append(Happening(name, text, start))


def _words(text, say):
    """What the transcript shows and what the voice gets, word by word."""
    shown, spoken = [], []
    for pair_shown, pair_spoken, plain in _TOKEN.findall(text):
        shown.append(pair_shown or plain)
        spoken.append(pair_spoken or _pronounced(plain, say))
    return shown, spoken


def _pronounced(word, say):
    bare = word.strip('.,?!¿¡')
    return word.replace(bare, say[bare]) if bare in say else word
