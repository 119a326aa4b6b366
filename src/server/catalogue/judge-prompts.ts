/**
 * What the judge is asked for each predefined metric, by function name. How the answer is put, and how segments are
 * cited, is added to each of them; so is what a metric is held against, such as the agent's knowledge.
 * Source of the definitions: Cekura API, predefined catalogue. The words are ours.
 */
export const JUDGE_PROMPTS = {
  check_hallucination: `Is everything that the Main Agent states as a fact compatible with the knowledge given to you?

Answer true if so, and false if at least one statement contradicts it.
- Judge by the knowledge alone. What you know from elsewhere does not count, even where it is true.
- Be strict with contradictions: a wrong price, date, name, number, rule or promise is one.
- Be lenient with omissions: leaving something out, rounding and other words for the same are none.
- A statement the knowledge says nothing about is no contradiction, and neither is small talk, a question, what the caller said and the agent repeats, or what a tool returned in this call.
Cite every statement that contradicts the knowledge, and say in its note what the knowledge has instead.`,

  check_relevancy: `Find the replies of the Main Agent that are irrelevant.

A reply is irrelevant if it
- has nothing to do with what the call is about or with what the Testing Agent just said,
- contains code, JSON or the syntax of a function call,
- is a fragment that makes no sense, or
- has formatting characters spoken out, such as asterisks, hash signs or bullets.
Going on with questions after the Testing Agent said that they cannot talk now is irrelevant too.
A reply to the latest thing the caller wants is relevant, even where it leaves an earlier question open. Do not count what a technical fault explains: words misheard, a reply to half a sentence, a line that was cut off.`,

  check_response_consistency: `Does the Main Agent stay consistent through the whole call?

Answer false if it
- repeats something back that the Testing Agent said, and gets it wrong (a name, number, date, address, amount, wish), or
- contradicts what it said itself before.
Otherwise answer true. Correcting itself openly is no contradiction, and a change because the caller or a tool brought something new is none either. Something misheard that is then confirmed with the caller and put right does not count.
Cite both places: what was said first, and what does not agree with it.`,

  check_voicemail: `Did this call reach a voicemail or an answering machine instead of a person?

Answer true if the Testing Agent's side is a recorded greeting, asks to leave a message after the tone, names a full mailbox, or gives a beep, and no person takes over.
Answer false if a person speaks, also after a menu, a call screener or hold music.`,

  check_main_agent_termination: `Did the Main Agent end this call in an appropriate way?

First find out who ended it, from the reason in the facts and from the last segments. If somebody or something else ended it (the Testing Agent hung up, a transfer, a time limit, a fault), answer true.
If the Main Agent ended it, answer false if it
- asked a question and did not wait for the answer,
- stopped in the middle of the conversation,
- left what the caller wanted unresolved without giving a reason, or
- asked a closing question, such as whether there is anything else, and left no time to reply.
Otherwise answer true. A reason that was said for not resolving the matter, or a next step that was agreed, is enough. So is ending a call with a voicemail, with somebody abusive, or with somebody who does not answer.`,

  check_testing_agent_termination: `Did the Testing Agent, the person on the other side, end this call in an appropriate way?

First find out who ended it, from the reason in the facts and from the last segments. If somebody or something else ended it (the Main Agent hung up, a transfer, a time limit, a fault), answer true.
If the Testing Agent ended it, answer false if they ended it early: in the middle of something the Main Agent was saying or doing for them, without answering a question they were asked, or before what the call was about was settled and without saying why.
Otherwise answer true. A goodbye, thanks, or a reason for going is enough.`,

  get_csat: `How satisfied does the Testing Agent, the person on the other side, seem with this call? Judge two things by what they say.

Sentiment:
- positive: clear thanks, praise or relief.
- neutral: neither; the usual case.
- negative: explicit frustration, anger, complaint or disappointment about the agent or the result.

Cooperation:
- full: answers what they are asked and goes along.
- partial: answers some questions, evades or breaks off others.
- refused: will not answer, demands a person instead, or hangs up on the agent.`,

  observability_dropoff: `How far did the conversation get? Choose the last of the given stages that it reached.

The stages are listed in the order in which a conversation usually passes them. A stage is reached once somebody says what belongs to it; being announced is not enough. If the conversation came to a natural end, as closing phrases of both sides or a final stage show, choose the final stage that fits. If it broke off, choose the stage in which it broke off.
Cite the segments by which you know that the stage was reached.`,

  observability_topics: `What is this call about? Choose the one given topic that fits best.

Judge by what the Testing Agent wants. If they want several things, choose the one that most of the conversation is about. If none of the topics fits, choose "other".`,

  get_sentiment: `What is the sentiment of the Testing Agent, the person on the other side, over the whole call?

- neutral: the default. Polite, factual and short answers are neutral, and so are a routine "thank you" and "bye".
- positive: only where they clearly show gratitude, delight or praise.
- negative: only where they explicitly show frustration, anger or disappointment.
If it changes, the end of the call weighs most. Judge the person, not the subject: bad news told calmly is neutral.`,

  get_repetition_count: `Find the unnecessary repetitions of the Main Agent.

A repetition is a segment in which the agent tells or asks again what was already said and understood: a fact it gave before, a question that was answered, or a confirmation of a detail that has not changed since it was last confirmed.
These are none: the first confirmation of a detail, saying it again because the caller asked, did not hear or did not understand, repeating what changed, and a single summary at the end. Greetings, "thank you" and the like do not count.
List every repetition once, at the segment that repeats.`,

  get_repetition_score: `Find the unnecessary repetitions of the Main Agent.

A repetition is a segment in which the agent confirms the same fact again although it has not changed: the first confirmation is fine, and every one from the second on counts. Telling again what it told before, or asking again what was answered, counts in the same way.
These are none: saying it again because the caller asked, did not hear or did not understand, repeating what changed, and a single summary at the end. Greetings, "thank you" and the like do not count.
List every repetition once, at the segment that repeats.`,

  get_verbosity: `How concise are the turns of the Main Agent? Each turn is one of:

- Concise: says what is needed at this point and no more.
- Padded: says what is needed, with filler around it: empty phrases, restating the caller's words, saying one thing twice, announcing what it is about to do.
- Overloaded: so much at once that a listener could not keep it: several questions in one turn, long lists, details nobody needs yet.
Detail that the caller asked for is Concise, however long; so is text that the law requires. A turn that was cut off is judged by what was said.
List only the turns that are Padded or Overloaded; all others count as Concise.`,

  check_critical_deviations: `Compare what the Main Agent does in this call with its own instructions, which are given to you, and find every deviation.

A deviation is something the instructions demand that the agent did not do although the situation came up, or something it did that they forbid or that differs from what they say, such as another wording of a required text, another order of required steps, or a tool not used or used wrongly.
These are none: a part of the instructions that this call gave no occasion for, steps that were not reached because the call ended or the caller refused, and differences of wording where the instructions demand no exact words. Name no deviation twice.
Put each into a category, a short name for its kind, such as "Script Adherence Issue".`,

  get_casual_chat_response: `How friendly and natural is the Main Agent when the Testing Agent says or asks something off the topic, such as small talk, a joke, a personal question or a remark about the weather?

5: takes it up warmly in a sentence and leads back to the matter, or nothing off the topic was said at all.
4: friendly, a little stiff.
3: polite but flat; leads back without taking it up.
2: ignores it, or answers as if it were about the matter.
1: rude, scolding or confused.
If there were several, give the average. That it tells no facts it cannot know is right and costs nothing.`,
} as const satisfies Record<string, string>
