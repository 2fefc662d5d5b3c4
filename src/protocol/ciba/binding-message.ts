import { OAuthError } from '../oauth/errors.ts'

/**
 * What ties the request on the phone to the screen of the service (CIBA Core §7.1 `binding_message`). Two digits are
 * the code that the service shows and the person picks among three (PSC §3); any other text is shown as it is.
 */
export type BindingMessage = { readonly code: string } | { readonly text: string }

const CODE = /^[0-9]{2}$/
const LONGEST = 100
/** No controls, no line breaks, nothing that turns the direction of the text around it; a space at neither end. */
const PLAIN = /^[^\p{C}\p{Zl}\p{Zp}]+$/u

/**
 * FAPI-CIBA §5.2.2 (2): demanded of every request, because a question that nothing ties to a screen is one that
 * people learn to answer yes to.
 * @throws OAuthError `invalid_binding_message` (CIBA Core §13)
 */
export function bindingMessage(text: string | undefined): BindingMessage {
  if (text === undefined) {
    throw refuse('binding_message is missing: show two digits on your screen and send them (00 to 99)')
  }
  if (CODE.test(text)) return { code: text }
  if ([...text].length > LONGEST) throw refuse(`binding_message is longer than ${LONGEST} characters`)
  if (!PLAIN.test(text) || text.trim() !== text) {
    throw refuse('binding_message must be two digits, or plain text on one line')
  }
  return { text }
}

const refuse = (why: string) => new OAuthError('invalid_binding_message', why)
