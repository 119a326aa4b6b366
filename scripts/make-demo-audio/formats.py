"""
The played events of a story, written down the way each provider writes them.

Every function takes a `Call` and answers what a client puts into `transcript_json`.
"""

import hashlib
import string
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random

from screenplay import Happening, Speech, Tool

# Formats with clocks need a date. Loading the demo never reads it: the call time is relative to now.
REFERENCE_TIME = datetime(2026, 11, 4, 18, 0, tzinfo=timezone.utc)
MAIN_CHANNEL = 1


@dataclass
class Call:
    story: dict
    agent: dict
    events: list
    random: Random = field(init=False)

    def __post_init__(self):
        self.random = Random(zlib.crc32(self.story['slug'].encode()) + 1)

    @property
    def zero(self):
        """The instant of second 0."""
        return REFERENCE_TIME - timedelta(minutes=self.story['ago'])

    @property
    def told(self):
        return [event for event in self.events if isinstance(event, (Speech, Tool, Happening))]

    @property
    def seconds(self):
        return max(e.end for e in self.events if isinstance(e, (Speech, Tool))) + 0.8

    def token(self, length, alphabet=string.ascii_letters + string.digits):
        return ''.join(self.random.choices(alphabet, k=length))


def call_id(story):
    """The id in the spelling of the story's provider; always the same for the same slug."""
    digest = hashlib.sha256(story['slug'].encode()).hexdigest()
    as_uuid = str(uuid.UUID(digest[:32], version=4))
    return {
        'retell': f'call_{digest[:27]}',
        'elevenlabs': f'conv_{digest[:4]}k{digest[4:25]}',
        'livekit': f'lumbrook-_{story.get("customer_number", "")}_{digest[:8]}',
        'cekura': f'LB-OUT-{int(digest[:8], 16) % 1000000:06d}',
    }.get(story['format'], as_uuid)


def vapi(call):
    zero_ms = call.zero.timestamp() * 1000

    def at(seconds):
        return {'time': round(zero_ms + seconds * 1000), 'secondsFromStart': round(seconds, 3)}

    rows = [{'role': 'system', 'message': call.agent['description'].strip(), **at(0)}]
    for event in call.told:
        if isinstance(event, Speech):
            rows.append(_vapi_speech(call, event, zero_ms, at))
        if isinstance(event, Tool):
            tool_id = f'call_{call.token(24)}'
            function = {'name': event.name, 'arguments': event.arguments}
            rows.append(
                {
                    'toolCalls': [{'id': tool_id, 'type': 'function', 'function': function}],
                    'role': 'tool_calls',
                    'message': '',
                    **at(event.start),
                }
            )
            rows.append(
                {
                    'role': 'tool_call_result',
                    **at(event.end),
                    'name': event.name,
                    'result': event.result,
                    'toolCallId': tool_id,
                }
            )
    return rows


def _vapi_speech(call, event, zero_ms, at):
    words = [
        {
            'word': word.strip('.,?!').lower(),
            'start': round(zero_ms + start * 1000, 1),
            'end': round(zero_ms + end * 1000, 1),
            'confidence': round(call.random.uniform(0.93, 0.999), 4),
            'punctuated_word': word,
        }
        for word, start, end in event.words
    ]
    row = {
        'role': 'bot' if event.who == 'A' else 'user',
        'message': event.text,
        **at(event.start),
        'endTime': round(zero_ms + event.end * 1000),
        'duration': round((event.end - event.start) * 1000),
    }
    if event.who == 'A':
        row['source'] = ''
    if event.who != 'A':
        row['metadata'] = {'wordLevelConfidence': words}
    return row


def retell(call):
    rows, responses = [], 0
    for event in call.told:
        if isinstance(event, Speech):
            row = {
                'role': {'A': 'agent', 'C': 'user', 'X': 'transfer_target'}[event.who],
                'content': event.text + (' ' if event.intended else ''),
                'words': [
                    {'word': f'{word} ', 'start': round(start, 3), 'end': round(end, 3)}
                    for word, start, end in event.words
                ],
            }
            if event.who == 'A':
                row['metadata'] = {'interrupt_id' if event.intended else 'response_id': responses}
                responses += 1
            rows.append(row)
        if isinstance(event, Tool):
            tool_id = f'tool_call_{call.token(6, string.ascii_lowercase + string.digits)}'
            rows.append(
                {
                    'role': 'tool_call_invocation',
                    'tool_call_id': tool_id,
                    'name': event.name,
                    'arguments': event.arguments,
                    'time_sec': round(event.start, 3),
                    'type': 'custom',
                }
            )
            rows.append(
                {
                    'role': 'tool_call_result',
                    'tool_call_id': tool_id,
                    'content': event.result,
                    'successful': not event.failed,
                    'time_sec': round(event.end, 3),
                }
            )
        if isinstance(event, Happening):
            former, new = event.text.split(' > ')
            rows.append(
                {
                    'role': event.name,
                    'former_node_id': f'node-{former.lower().replace(" ", "-")}',
                    'former_node_name': former,
                    'new_node_id': f'node-{new.lower().replace(" ", "-")}',
                    'new_node_name': new,
                    'time_sec': round(event.start, 3),
                }
            )
    return rows


def elevenlabs(call):
    rows, second = [], 0
    for event in call.told:
        if isinstance(event, Speech):
            # The provider's seconds never step back, whoever interrupts whom.
            second = max(second, int(event.start))
            rows.append(_elevenlabs_row(call, event, second))
        if isinstance(event, Tool):
            kind = 'system' if event.name == 'end_call' else 'webhook'
            request = {
                'type': kind,
                'request_id': f'{event.name}_{call.token(32, "0123456789abcdef")}',
                'tool_name': event.name,
            }
            requested = {
                **request,
                'params_as_json': event.arguments,
                'tool_has_been_called': True,
                'tool_details': None,
            }
            answered = {
                **request,
                'result_value': event.result,
                'is_error': event.failed,
                'tool_has_been_called': True,
                'tool_latency_secs': round(event.end - event.start, 3),
            }
            second = max(second, int(event.start))
            rows.append(_elevenlabs_row(call, None, second, tool_calls=[requested]))
            second = max(second, int(event.end))
            rows.append(_elevenlabs_row(call, None, second, tool_results=[answered]))
    return rows


def _elevenlabs_row(call, speech, second, tool_calls=(), tool_results=()):
    is_agent = speech is None or speech.who == 'A'
    cut = speech is not None and speech.intended is not None
    metrics = None
    if speech is not None and is_agent:
        first_byte = call.random.uniform(0.28, 0.61)
        metrics = {
            'metrics': {
                'convai_llm_service_ttfb': {'elapsed_time': round(first_byte, 4)},
                'convai_llm_service_ttf_sentence': {'elapsed_time': round(first_byte * 1.4, 4)},
                'convai_tts_service_ttfb': {'elapsed_time': round(call.random.uniform(0.1, 0.2), 4)},
            }
        }
    return {
        'role': 'agent' if is_agent else 'user',
        'message': None if speech is None else speech.text + ('...' if cut else ''),
        'tool_calls': list(tool_calls),
        'tool_results': list(tool_results),
        'feedback': None,
        'llm_override': None,
        'time_in_call_secs': second,
        'conversation_turn_metrics': metrics,
        'rag_retrieval_info': None,
        'llm_usage': None,
        'interrupted': cut,
        'original_message': speech.intended if cut else None,
        'source_medium': None if is_agent else 'audio',
    }


def livekit(call):
    return {'simple': _livekit_simple, 'history': _livekit_history, 'report': _livekit_report}[
        call.story['variant']
    ](call)


def _livekit_simple(call):
    return [
        {'role': _chat_role(event), 'content': event.text, 'timestamp': round(event.start, 2)}
        for event in call.told
        if isinstance(event, Speech)
    ]


def _livekit_history(call):
    return {'items': _livekit_items(call, with_metrics=False)}


def _livekit_report(call):
    zero = call.zero.timestamp()
    return {
        'job_id': f'AJ_{call.token(12)}',
        'room_id': f'RM_{call.token(12)}',
        'room': call_id(call.story),
        'events': [],
        'audio_recording_path': None,
        'audio_recording_started_at': zero,
        'options': {
            'allow_interruptions': True,
            'min_endpointing_delay': 0.5,
            'max_endpointing_delay': 3.0,
        },
        'chat_history': {'items': _livekit_items(call, with_metrics=True)},
        'timestamp': round(zero + call.seconds, 3),
        'usage': None,
        'sdk_version': '1.6.0',
    }


def _livekit_items(call, with_metrics):
    zero = call.zero.timestamp()
    instructions = {
        'id': 'lk.agent_task.instructions',
        'type': 'message',
        'role': 'system',
        'content': [call.agent['description'].strip()],
        'interrupted': False,
        'created_at': round(zero - 0.4, 3),
    }
    items, latest = [instructions], zero
    for event in call.told:
        if isinstance(event, Speech):
            # Users are filed when their turn ended, agents when the text was ready to be spoken.
            filed = event.start - 0.9 if event.who == 'A' else event.end + 0.35
            latest = max(latest + 0.01, zero + filed)
            items.append(_livekit_message(call, event, latest, zero if with_metrics else None))
        if isinstance(event, Tool):
            call_key = f'call_{call.token(24)}'
            made = max(latest + 0.01, zero + event.start)
            latest = max(made, zero + event.end)
            items.append(
                {
                    'id': f'item_{call.token(12, "0123456789abcdef")}',
                    'type': 'function_call',
                    'call_id': call_key,
                    'name': event.name,
                    'arguments': event.arguments,
                    'created_at': round(made, 3),
                    'extra': {},
                }
            )
            items.append(
                {
                    'id': f'item_{call.token(12, "0123456789abcdef")}',
                    'type': 'function_call_output',
                    'call_id': call_key,
                    'name': event.name,
                    'output': event.result,
                    'is_error': event.failed,
                    'created_at': round(latest, 3),
                }
            )
    return items


def _livekit_message(call, event, created, zero):
    item = {
        'id': f'item_{call.token(12, "0123456789abcdef")}',
        'type': 'message',
        'role': _chat_role(event),
        'content': [event.text],
        'interrupted': event.intended is not None,
    }
    if event.who != 'A':
        item['transcript_confidence'] = round(call.random.uniform(0.94, 0.999), 3)
    if zero is not None:
        item['metrics'] = {
            'started_speaking_at': round(zero + event.start, 3),
            'stopped_speaking_at': round(zero + event.end, 3),
        }
        if event.who == 'A':
            item['metrics']['llm_node_ttft'] = round(call.random.uniform(0.25, 0.55), 3)
            item['metrics']['tts_node_ttfb'] = round(call.random.uniform(0.12, 0.3), 3)
    return {**item, 'created_at': round(created, 3)}


def pipecat(call):
    has_times = call.story['variant'] == 'timed'
    rows = []
    for event in call.told:
        if isinstance(event, Speech):
            row = {'role': _chat_role(event), 'content': event.text}
            if has_times:
                row |= {'start_time': round(event.start, 3), 'end_time': round(event.end, 3)}
            rows.append(row)
        if isinstance(event, Tool):
            tool = {'id': f'call_{call.token(24)}', 'name': event.name}
            rows.append({'role': 'tool_call', 'data': {**tool, 'arguments': event.arguments}})
            rows.append({'role': 'tool_call_result', 'data': {**tool, 'result': event.result}})
    return rows


def bland(call):
    identifier = call_id(call.story)
    rows = []
    for event in call.told:
        if isinstance(event, Speech):
            text = event.text + (' -' if event.intended else '')
            # A row is written when the agent begins, and when the user's transcript arrives.
            written = event.start if event.who == 'A' else event.end + 0.2
            rows.append((_chat_role(event), text, written))
        if isinstance(event, Happening):
            rows.append((event.name, event.text, event.start))
    row_id = 7400000 + call.random.randrange(90000)
    return {
        'call_id': identifier,
        'c_id': identifier,
        'call_length': round(call.seconds / 60, 3),
        'corrected_duration': str(round(call.seconds)),
        'to': call.story['customer_number'],
        'from': '+18285550140',
        'inbound': call.agent['inbound'],
        'completed': True,
        'status': 'completed',
        'queue_status': 'completed',
        'created_at': _iso(call.zero - timedelta(seconds=7)),
        'started_at': _iso(call.zero),
        'end_at': _iso(call.zero + timedelta(seconds=call.seconds)),
        'answered_by': call.story['answered_by'],
        'call_ended_by': call.story['ended'],
        'max_duration': 5,
        'error_message': None,
        'variables': call.story['dynamic_variables'],
        'concatenated_transcript': ' \n '.join(f'{role}: {text}' for role, text, _ in rows),
        'transcripts': [
            {
                'id': row_id + 3 * index,
                'created_at': _iso(call.zero + timedelta(seconds=written)),
                'text': text,
                'user': role,
                'c_id': identifier,
                'status': None,
                'transcript_id': None,
            }
            for index, (role, text, written) in enumerate(rows)
        ],
    }


def deepgram(call):
    # On a stereo file the speaker number is the channel; on mono it counts voices as they appear.
    is_diarized = call.story['variant'] == 'diarized'
    agent_speaker = 0 if is_diarized else MAIN_CHANNEL
    words = sorted(
        (
            _deepgram_word(call, word, agent_speaker if event.who == 'A' else 1 - agent_speaker)
            for event in call.told
            if isinstance(event, Speech)
            for word in event.words
        ),
        key=lambda word: word['start'],
    )
    if not is_diarized:
        return words
    model = str(uuid.uuid5(uuid.NAMESPACE_DNS, 'demo-model'))
    alternative = {
        'transcript': ' '.join(word['punctuated_word'] for word in words),
        'confidence': 0.9891,
        'words': words,
    }
    return {
        'metadata': {
            'transaction_key': 'deprecated',
            'request_id': call_id(call.story),
            'created': _iso(call.zero + timedelta(seconds=call.seconds + 4)),
            'duration': round(call.seconds, 4),
            'channels': 1,
            'models': [model],
            'model_info': {
                model: {'name': 'general-nova-3', 'version': '2025-07-31.0', 'arch': 'nova-3'}
            },
        },
        'results': {'channels': [{'alternatives': [alternative]}]},
    }


def _deepgram_word(call, timed_word, speaker):
    word, start, end = timed_word
    return {
        'word': word.strip('.,?!').lower(),
        'start': round(start, 4),
        'end': round(end, 4),
        'confidence': round(call.random.uniform(0.9, 0.9995), 5),
        'speaker': speaker,
        'speaker_confidence': round(call.random.uniform(0.6, 0.99), 4),
        'punctuated_word': word,
    }


def cekura(call):
    rows = []
    for event in call.told:
        if isinstance(event, Speech):
            rows.append(
                {
                    'role': 'Main Agent' if event.who == 'A' else 'Testing Agent',
                    'content': event.text,
                    'start_time': round(event.start, 3),
                    'end_time': round(event.end, 3),
                }
            )
        if isinstance(event, Tool):
            tool = {'id': f'call_{call.token(24)}', 'name': event.name}
            for role, key, text, second in (
                ('Function Call', 'arguments', event.arguments, event.start),
                ('Function Call Result', 'result', event.result, event.end),
            ):
                rows.append(
                    {
                        'role': role,
                        'content': '',
                        'start_time': round(second, 3),
                        'end_time': round(second, 3),
                        'data': {**tool, key: text},
                    }
                )
    return rows


FORMATS = {
    'vapi': vapi,
    'retell': retell,
    'elevenlabs': elevenlabs,
    'livekit': livekit,
    'pipecat': pipecat,
    'bland': bland,
    'deepgram': deepgram,
    'cekura': cekura,
}


def _chat_role(event):
    return 'assistant' if event.who == 'A' else 'user'


def _iso(instant):
    return instant.isoformat(timespec='milliseconds')
