export type CameraProblem = 'denied' | 'none'

const LOOK_EVERY = 160
/** Long side of the picture that is searched, in pixels: enough for a code held at arm's length. */
const SIDE = 720

/** Finds the text of a QR code in what the video shows. */
type Look = (video: HTMLVideoElement) => Promise<string | undefined>

/** The browser's own detector where it has one for QR codes (Android), else ours, fetched now. */
async function bestLook(): Promise<Look> {
  if (typeof BarcodeDetector !== 'undefined') {
    const formats = await BarcodeDetector.getSupportedFormats().catch((): readonly string[] => [])
    if (formats.includes('qr_code')) {
      const detector = new BarcodeDetector({ formats: ['qr_code'] })
      return async (video) => (await detector.detect(video))[0]?.rawValue
    }
  }
  const { decode } = await import('./decoder.ts')
  const canvas = document.createElement('canvas')
  const drawing = canvas.getContext('2d', { willReadFrequently: true })
  return async (video) => {
    const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight))
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    if (drawing === null || canvas.width === 0 || canvas.height === 0) return undefined
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height)
    return decode(drawing.getImageData(0, 0, canvas.width, canvas.height))
  }
}

/** Shows the camera behind the phone in `video` and tells each text that it reads. Returns how to stop. */
export function watchForQr(
  video: HTMLVideoElement,
  onState: (state: 'looking' | CameraProblem) => void,
  onText: (text: string) => void,
): () => void {
  let stopped = false
  let stream: MediaStream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function start(): Promise<void> {
    // Absent on http addresses and in some in-app browsers, whatever the types say.
    if (!('mediaDevices' in navigator)) return onState('none')
    try {
      const made = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
      })
      stream = made
      if (stopped) return stop()
      video.srcObject = made
      await video.play()
      const look = await bestLook()
      if (stopped) return
      onState('looking')
      void again(look)
    } catch (error) {
      if (stopped) return
      const name = error instanceof DOMException ? error.name : ''
      onState(name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'none')
    }
  }

  async function again(look: Look): Promise<void> {
    if (stopped) return
    if (document.visibilityState === 'visible' && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const text = await look(video).catch(() => undefined)
      if (!stopped && text !== undefined && text !== '') onText(text)
    }
    timer = setTimeout(() => void again(look), LOOK_EVERY)
  }

  function stop(): void {
    stopped = true
    clearTimeout(timer)
    for (const track of stream?.getTracks() ?? []) track.stop()
  }

  void start()
  return stop
}
