import type { StationFrame } from '../../worker/protocol.ts';
import type { Palette } from '../palette.ts';

/** The word for what is wrong with a station, or null when nothing is. */
export function statusWord(frame: StationFrame | null): string | null {
  if (frame === null) return null;
  if (!frame.up) return 'down';
  if (frame.cut === true) return 'cut off';
  if (frame.blocked === true) return 'blocked';
  if (frame.slowFactor !== 1) return `slow ×${Number(frame.slowFactor.toPrecision(3))}`;
  return null;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const HATCH_STEP = 7;
/** A block this wide is looked into: the hatch steps back behind its seats. */
const LOOKED_INTO = 900;

/** Hatches a station that does not work and says in a word why, so that nobody has to tell it by its colour. */
export function drawStatus(
  context: CanvasRenderingContext2D,
  box: Box,
  frame: StationFrame | null,
  palette: Palette,
  font: string,
): void {
  const word = statusWord(frame);
  if (word === null || frame === null) return;
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  if (!frame.up || frame.cut === true) {
    context.beginPath();
    const into = box.width > LOOKED_INTO;
    const step = into ? 4 * HATCH_STEP : HATCH_STEP;
    for (let x = box.x - box.height; x < box.x + box.width; x += step) {
      context.moveTo(x, box.y + box.height);
      context.lineTo(x + box.height, box.y);
    }
    context.strokeStyle = palette.textQuiet;
    context.globalAlpha = into ? 0.25 : 0.55;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 1;
  }
  context.font = `600 14px ${font}`;
  const width = context.measureText(word).width + 16;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  context.fillStyle = palette.ground;
  context.fillRect(x - width / 2, y - 12, width, 24);
  context.strokeStyle = palette.bad;
  context.lineWidth = 1;
  context.strokeRect(Math.round(x - width / 2) + 0.5, Math.round(y - 12) + 0.5, Math.round(width), 24);
  context.fillStyle = palette.bad;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(word, x, y + 0.5);
  context.restore();
}
