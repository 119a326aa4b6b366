"""
Makes the demo calls: `python3 scripts/make-demo-audio`.

Reads stories.toml beside this file and writes src/server/demo/: agents.json, stories/*.json and
audio/*. Needs libflite, libespeak-ng, ffmpeg and numpy; see src/server/demo/README.md.
Fails, naming the utterance, when an encoded file does not carry the speech where the story says.
"""

import json
import sys
import tomllib
from pathlib import Path

# A compiled copy beside the sources would only be something to ignore.
sys.dont_write_bytecode = True

from formats import FORMATS, MAIN_CHANNEL, Call, call_id
from screenplay import play
from sound import encode, faults, mix

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / 'src' / 'server' / 'demo'
AUDIO_LIMIT_BYTES = 5_000_000


def main():
    source = tomllib.loads((HERE / 'stories.toml').read_text(encoding='utf-8'))
    agents = {agent['key']: agent for agent in source['agent']}
    for folder in (DEMO / 'stories', DEMO / 'audio'):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()

    _write_json(DEMO / 'agents.json', [_committed_agent(agent) for agent in agents.values()], indent=2)
    found = []
    for story in source['story']:
        agent = agents[story['agent']]
        events = play(story, agent, source['voices'], source['say'])
        recording = None
        if 'audio' in story:
            channels = mix(events, story['slug'])
            recording = encode(channels, DEMO / 'audio' / story['slug'], story['audio'])
            found += faults(recording, events)
        call = Call(story, agent, events)
        _write_json(DEMO / 'stories' / f'{story["slug"]}.json', _committed_story(call, recording))
        size = f'{recording.stat().st_size / 1000:6.0f} kB' if recording else ' no audio'
        print(f'{story["slug"]:36} {story["format"]:10} {call.seconds:6.1f} s {size}')

    total = sum(path.stat().st_size for path in (DEMO / 'audio').iterdir())
    print(f'{len(source["story"])} stories, {total / 1e6:.2f} MB of audio')
    if total > AUDIO_LIMIT_BYTES:
        found.append(f'{total} bytes of audio, at most {AUDIO_LIMIT_BYTES} are wanted')
    if found:
        sys.exit('\n'.join(found))


def _committed_agent(agent):
    return {
        'key': agent['key'],
        'name': agent['name'],
        'assistant_id': agent['assistant_id'],
        'provider': agent['provider'],
        'description': agent['description'].strip(),
        'language': agent['language'],
        'inbound': agent['inbound'],
    }


def _committed_story(call, recording):
    story = call.story
    body = {
        'call_id': call_id(story),
        'assistant_id': call.agent['assistant_id'],
        'transcript_type': story['format'],
        'transcript_json': FORMATS[story['format']](call),
        'call_ended_reason': story['ended'],
    }
    if 'customer_number' in story:
        body['customer_number'] = story['customer_number']
    if recording and not story['audio'].startswith('mono'):
        body['main_agent_channel_index'] = MAIN_CHANNEL
    body |= {'metadata': story['metadata'], 'dynamic_variables': story['dynamic_variables']}
    return {
        'agentKey': story['agent'],
        'startedAgoMinutes': story['ago'],
        'recording': f'audio/{recording.name}' if recording else None,
        'body': body,
    }


def _write_json(path, value, indent=1):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + '\n', encoding='utf-8')


main()
