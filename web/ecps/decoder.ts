import decodeQR from 'qr/decode.js'

/** The text of a QR code in a picture. A chunk of its own: only phones without a detector ever fetch it. */
export function decode(image: ImageData): string | undefined {
  try {
    return decodeQR(image)
  } catch {
    return undefined
  }
}
