import { Check, X } from 'lucide-react'
import type { RefCallback } from 'react'
import type { CallDetail } from '#contract/call.ts'
import { MAX_NOTE_LENGTH } from '#contract/review.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { TextArea } from '../../ui/text-field.tsx'
import { type Outcome, standingWords } from './decision-words.ts'
import type { Decision } from './use-decision.ts'
import type { FeedbackDraft } from './use-feedback.ts'

export type DecisionBarProps = { call: CallDetail; decision: Decision; className?: string }

/** The outcome that stands and whose it is, the choice to change it, and words about the call. */
export function DecisionBar({ call, decision, className }: DecisionBarProps) {
  const { canDecide, feedback } = decision
  return (
    <section
      aria-label="Decision"
      className={classNames(
        'flex flex-wrap items-start gap-x-[10px] gap-y-[6px] text-[13px]',
        className,
      )}
    >
      {canDecide && <Choice decision={decision} />}
      <Standing call={call} decision={decision} />
      {canDecide ? (
        <Feedback feedback={feedback} />
      ) : (
        call.feedback !== '' && (
          <p className="basis-full leading-[19px] wrap-anywhere whitespace-pre-line">
            {call.feedback}
          </p>
        )
      )}
    </section>
  )
}

type PartProps = Omit<DecisionBarProps, 'className'>

function Choice({ decision }: Pick<PartProps, 'decision'>) {
  const { decided } = decision
  return (
    <fieldset className="flex gap-[4px]">
      <legend className="sr-only">Outcome</legend>
      <OutcomeButton
        ref={decision.choiceRef}
        outcome="success"
        isPressed={decided === 'success'}
        onChoose={decision.decide}
      />
      <OutcomeButton
        outcome="failure"
        isPressed={decided === 'failure'}
        onChoose={decision.decide}
      />
    </fieldset>
  )
}

const LOOK = {
  success: { label: 'Success', Icon: Check, pressed: 'border-pass! bg-pass-soft! text-pass!' },
  failure: { label: 'Failure', Icon: X, pressed: 'border-fail! bg-fail-soft! text-fail!' },
}

type OutcomeButtonProps = {
  ref?: RefCallback<HTMLElement>
  outcome: Outcome
  isPressed: boolean
  onChoose: (outcome: Outcome) => void
}

function OutcomeButton({ ref, outcome, isPressed, onChoose }: OutcomeButtonProps) {
  const { label, Icon, pressed } = LOOK[outcome]
  return (
    <Button
      ref={ref}
      icon={<Icon size={14} aria-hidden="true" />}
      aria-pressed={isPressed}
      // A click leaves the focus where it is, so that space goes on to play and pause.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        if (!isPressed) onChoose(outcome)
      }}
      className={isPressed ? pressed : ''}
    >
      {label}
    </Button>
  )
}

function Standing({ call, decision }: PartProps) {
  const { review, me, canDecide, isBlind, takeBack, focusChoice } = decision
  // In a blind queue the call does not say what the review knows.
  const reviewedAt = call.isReviewed ? review?.reviewedAt : null
  return (
    <div className="flex min-h-[30px] flex-wrap items-center gap-x-[6px] text-ink-soft">
      <span role="status">
        {/* The header says that the outcome is hidden. */}
        {!isBlind && standingWords(call, { reviewer: review?.reviewer ?? '', me })}
      </span>
      {reviewedAt && (
        <time
          dateTime={reviewedAt}
          title={formatFullDateTime(reviewedAt)}
          className="text-[12px] text-ink-faint"
        >
          {formatRelative(reviewedAt)}
        </time>
      )}
      {canDecide && call.isReviewed && (
        <Button
          size="small"
          variant="quiet"
          onMouseDown={(event) => event.preventDefault()}
          onClick={({ currentTarget }) => {
            // The button goes, and would take the focus along.
            if (document.activeElement === currentTarget) focusChoice()
            takeBack()
          }}
        >
          Take back
        </Button>
      )}
    </div>
  )
}

const PROGRESS_WORDS: Record<FeedbackDraft['progress'], string> = {
  none: '',
  unsaved: '',
  saving: 'Saving…',
  saved: 'Saved',
  failed: 'Not saved',
}

function Feedback({ feedback }: { feedback: FeedbackDraft }) {
  const { text, progress, write, save } = feedback
  return (
    <div className="flex min-w-[220px] flex-1 items-start gap-[8px]">
      <div className="min-w-0 flex-1">
        <TextArea
          label="Feedback"
          isLabelHidden
          placeholder="Feedback"
          rows={1}
          maxLength={MAX_NOTE_LENGTH}
          spellCheck
          value={text}
          onChange={write}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          data-finishes-call=""
          className="field-sizing-content max-h-[160px] min-h-[30px] py-[5px]!"
        />
      </div>
      <span
        role="status"
        className={classNames(
          'min-w-[56px] text-[12px] leading-[30px]',
          progress === 'failed' ? 'text-fail' : 'text-ink-faint',
        )}
      >
        {PROGRESS_WORDS[progress]}
      </span>
    </div>
  )
}
