import { writeFileSync } from 'node:fs'
import { correction, generate } from 'lean-qr'

const WIDTH = 640
const HEIGHT = 480
/** Modules of white that a reader needs around the code (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4
const [BLACK, WHITE, NO_COLOUR] = [16, 235, 128]

/**
 * What a phone's camera sees, as a YUV4MPEG2 file for Chromium's `--use-file-for-fake-video-capture`. Chromium opens
 * the file when a page opens the camera, so what is to be seen may be written after the browser has started.
 */
export class FakeCamera {
  readonly file: string

  constructor(file: string) {
    this.file = file
    this.showNothing()
  }

  /** A grey wall. */
  showNothing(): void {
    this.#write(() => (BLACK + WHITE) >> 1)
  }

  /** A QR code of this text, filling most of the height. */
  show(text: string): void {
    const code = generate(text, { minCorrectionLevel: correction.M })
    const scale = Math.floor((HEIGHT - 40) / (code.size + 2 * QUIET_ZONE))
    const left = Math.floor((WIDTH - code.size * scale) / 2)
    const top = Math.floor((HEIGHT - code.size * scale) / 2)
    this.#write((x, y) => {
      const column = Math.floor((x - left) / scale)
      const row = Math.floor((y - top) / scale)
      return code.get(column, row) ? BLACK : WHITE
    })
  }

  #write(luminance: (x: number, y: number) => number): void {
    const y = Buffer.alloc(WIDTH * HEIGHT)
    for (let row = 0; row < HEIGHT; row++)
      for (let column = 0; column < WIDTH; column++) y[row * WIDTH + column] = luminance(column, row)
    const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, NO_COLOUR)
    const frame = Buffer.concat([Buffer.from('FRAME\n'), y, colours])
    const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`)
    writeFileSync(this.file, Buffer.concat([header, ...Array<Buffer>(5).fill(frame)]))
  }
}
