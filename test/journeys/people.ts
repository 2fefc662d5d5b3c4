import { inject } from 'vitest'

/** A professional of the sandbox. */
export interface Person {
  readonly nationalId: string
  readonly givenName: string
}

interface Listed {
  readonly nationalId: string
  readonly givenName: string
  readonly status: string
  readonly contactable: boolean
  readonly ecps: boolean
}

const answer = await fetch(`${inject('origin')}/sandbox/people`)
const listed = ((await answer.json()) as { people: Listed[] }).people
// From the end of the list: the documentation's people, at its beginning, are left to the robots.
const free = listed
  .filter((person) => person.status === 'active' && person.contactable && !person.ecps)
  .reverse()

/** The next professional nobody in this run has been yet, so that no test meets another's requests. */
export function anyone(): Person {
  const person = free.shift()
  if (person === undefined) throw new Error('the sandbox has no professional left')
  return person
}

/** Someone who exists and cannot activate an e-CPS by codes; a person of everyone's, who is never anybody's own. */
export function someone(kind: 'suspended' | 'without contact details'): Person {
  const person = listed.find(({ status, contactable }) =>
    kind === 'suspended' ? status === 'suspended' : status === 'active' && !contactable,
  )
  if (person === undefined) throw new Error(`the sandbox has nobody ${kind}`)
  return person
}
