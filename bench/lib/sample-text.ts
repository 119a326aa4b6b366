const WORDS =
  'a able about account address after again agent all also and any appointment are ask at back balance be before billing book branch but call can card change charge check clear close code come confirm contract cost could credit customer date day delay deliver desk did do down due early email end even every evening fee few file find first fix follow for form found four friday from full get give go good had half hand have hear help here hold home hour how if in insurance invoice is issue it item job just keep know last late leave let like line list little long look lost make manager many may mean meet message minute monday month more morning much my name need new next no not note now number of off office on once one only open or order other our out over paid parcel part past pay phone place plan please policy post price problem question quick quote rate read ready real reason receipt record refund renew repeat return right room route sale same saturday say schedule see send service set ship should show sign since size slot so some soon sorry speak start state still stop store street sure system take talk team tell term than that the their them then there these they thing think third this thursday ticket time to today tomorrow too total track transfer try tuesday turn two under until up update use valid visit wait want was way we wednesday week well were what when where which who why will with word work would wrong year yes yesterday you your'.split(
    ' ',
  )

/** Numbers in 0..1 that are the same in every run: a linear congruential generator, by its upper bits. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

export function pick<T>(random: () => number, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}

/** `count` words; frequent ones come more often, as in speech. */
export function sampleWords(random: () => number, count: number): string[] {
  return Array.from({ length: count }, () => {
    const skewed = random() ** 1.5
    return WORDS[Math.floor(skewed * WORDS.length)] ?? 'a'
  })
}
