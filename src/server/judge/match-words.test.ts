import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findExactly, findNearly, quoteParts, wordsOf } from './match-words.ts'

function exactly(text: string, quote: string) {
  return findExactly(wordsOf(text), quoteParts(quote))
}

function nearly(text: string, quote: string) {
  return findNearly(wordsOf(text), quoteParts(quote))
}

describe('wordsOf', () => {
  it.each([
    ['“Don’t,” she said…', ['dont', 'she', 'said']],
    ["  o'clock\n\tNEXT-day ", ['oclock', 'next', 'day']],
    ['It is $1,234.50.', ['it', 'is', '1', '234', '50']],
    // One letter and its accent, as one sign or two
    ['cafe\u0301 CAFÉ', ['café', 'café']],
    ['ＡＢＣ ﬁne', ['abc', 'fine']],
    ['今日は good', ['今', '日', 'は', 'good']],
    ['…!?', []],
  ])('reads %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('reads plain texts as it reads all others', () => {
    const plain = fc.string({ unit: 'binary-ascii', maxLength: 60 })
    fc.assert(
      fc.property(plain, (text) => {
        // One letter beyond ASCII takes the other way.
        expect(wordsOf(`${text} é`)).toEqual([...wordsOf(text), 'é'])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('findExactly', () => {
  it('finds the words whatever their case, punctuation and spaces', () => {
    expect(exactly('Yes. I can HELP you, of course!', 'i can  help you')).toEqual({
      start: 1,
      end: 5,
    })
  })

  it('finds no part of a word', () => {
    expect(exactly('We start now', 'art now')).toBeNull()
  })

  it('finds the parts around what a quote leaves out, in their order alone', () => {
    const text = 'first one two three four five'
    expect(exactly(text, 'one … four')).toEqual({ start: 1, end: 5 })
    expect(exactly(text, 'one two [...] five')).toEqual({ start: 1, end: 6 })
    expect(exactly(text, 'four ... one')).toBeNull()
  })

  it('finds a part of a text that has no spaces', () => {
    expect(exactly('私は学生です', '学生')).toEqual({ start: 2, end: 4 })
  })

  it('finds nothing for a quote without words', () => {
    expect(exactly('one', '…')).toBeNull()
  })

  it('finds every run of words of a text', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'Cee', 'd-e', "f'g", '今日'), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (words, from, to) => {
        const start = from % words.length
        const end = start + 1 + (to % (words.length - start))
        const quote = words.slice(start, end).join(', ').toUpperCase()
        return exactly(words.join(' '), quote) !== null
      }),
    )
  })
})

describe('findNearly', () => {
  const TEXT = 'well I can send you the refund today by bank transfer if you like'

  it('takes a quote of which one word in seven is wrong', () => {
    // 6 of 7 words are 86 %
    expect(nearly(TEXT, 'I can send you a refund today')).toEqual({ start: 1, end: 8 })
  })

  it('takes a quote that leaves a word out', () => {
    expect(nearly(TEXT, 'I can send the refund today by bank')).toEqual({ start: 1, end: 10 })
  })

  it('takes none of which one word in six is wrong', () => {
    // 5 of 6 words are 83 %
    expect(nearly(TEXT, 'I can send you a refund')).toBeNull()
  })

  it('takes no words in another order', () => {
    expect(nearly(TEXT, 'today refund the you send can I')).toBeNull()
  })

  it('takes no words that are scattered over a long speech', () => {
    const filler = 'and so on and on it went for a very long while '
    expect(nearly(`I ${filler}can ${filler}send ${filler}you`, 'I can send you')).toBeNull()
  })

  it('takes no two words, which are near to anything', () => {
    expect(nearly('a big red car', 'a car')).toBeNull()
  })

  it('finds a quote after many words that are like it', () => {
    const speech = `${'today refund the you send can I '.repeat(20)} ${TEXT}`
    // From the last "I" of 20 times 7 words to the eighth word of TEXT.
    expect(nearly(speech, 'I can send you a refund today')).toEqual({ start: 139, end: 148 })
  })

  it('soon gives up on a speech that has the words in other orders over and over', () => {
    const words = Array.from({ length: 200 }, (_, n) => `w${n}`)
    const speech = Array.from({ length: 100 }, () => words.toReversed()).flat()
    const start = performance.now()
    expect(findNearly(speech, [words])).toBeNull()
    // 20,000 places by 200 times 266 comparisons take many seconds.
    expect(performance.now() - start).toBeLessThan(500)
  })

  it('takes no words that were not said', () => {
    const said = fc.array(fc.constantFrom('one', 'two', 'three', 'four'), { maxLength: 40 })
    const invented = fc.array(fc.constantFrom('five', 'six', 'seven'), { minLength: 1 })
    fc.assert(
      fc.property(said, invented, (text, quote) => {
        const [words, parts] = [text.join(' '), quote.join(' ')]
        return exactly(words, parts) === null && nearly(words, parts) === null
      }),
    )
  })
})
