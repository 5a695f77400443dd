import type { Page } from 'playwright-core';

/**
 * A picture as a record that is the same on every machine: what is drawn and written, each mark in a cell of a coarse grid, and of a canvas
 * the mean colours of such cells. Letters are wider here and narrower there, and engines smooth edges differently: the comparison allows
 * for a cell and for a shade.
 */
export interface PictureRecord {
  /** The words of the picture that are no part of a drawing, in the order of the document. */
  readonly words: readonly string[];
  /** `tag.class`, its text, and the cell of its middle. */
  readonly marks: readonly (readonly [is: string, text: string, column: number, row: number])[];
  /** Red, green and blue of each cell, row by row; one list for each canvas. */
  readonly canvases: readonly (readonly number[])[];
}

const COLUMNS = 32;
const ROWS = 20;
const CANVAS_COLUMNS = 16;
const CANVAS_ROWS = 10;
/** Of 255, in each of three channels. */
export const SHADE = 20;

/** Reads the large picture that is on the stage. */
export function recordPicture(page: Page): Promise<PictureRecord> {
  return page.evaluate(
    ([columns, rows, canvasColumns, canvasRows]) => {
      const parts = [...document.querySelectorAll<HTMLElement>('.stage-panel [data-saved]')];
      const words = parts.flatMap((part) => {
        const found: string[] = [];
        const walk = (element: Element): void => {
          if (element instanceof SVGElement || element.matches('.unseen, [data-unsaved]')) return;
          for (const child of element.childNodes) {
            if (child instanceof Element) walk(child);
            else if (child.textContent?.trim()) found.push(child.textContent.trim().replace(/\s+/g, ' '));
          }
        };
        walk(part);
        return found;
      });
      const marks = parts.flatMap((part) =>
        [...part.querySelectorAll('svg')].flatMap((svg) => {
          const all = svg.getBoundingClientRect();
          return [...svg.querySelectorAll('path, line, rect, circle, polygon, text')].flatMap((mark) => {
            if (mark.closest('defs, [data-unsaved]') !== null) return [];
            const { x, y, width, height } = mark.getBoundingClientRect();
            const column = Math.floor(((x + width / 2 - all.x) / all.width) * columns);
            const row = Math.floor(((y + height / 2 - all.y) / all.height) * rows);
            const is = [mark.tagName, ...mark.classList].join('.');
            const text = mark.tagName === 'text' ? (mark.textContent ?? '') : '';
            return [[is, text, column, row] as const];
          });
        }),
      );
      const canvases = parts.flatMap((part) =>
        [...part.querySelectorAll('canvas')].map((canvas) => {
          const small = document.createElement('canvas');
          small.width = canvas.width;
          small.height = canvas.height;
          const context = small.getContext('2d', { willReadFrequently: true });
          if (context === null) return [];
          context.drawImage(canvas, 0, 0);
          const means: number[] = [];
          for (let row = 0; row < canvasRows; row++) {
            for (let column = 0; column < canvasColumns; column++) {
              const left = Math.floor((column * canvas.width) / canvasColumns);
              const top = Math.floor((row * canvas.height) / canvasRows);
              const right = Math.floor(((column + 1) * canvas.width) / canvasColumns);
              const bottom = Math.floor(((row + 1) * canvas.height) / canvasRows);
              const { data } = context.getImageData(left, top, right - left, bottom - top);
              for (let channel = 0; channel < 3; channel++) {
                let sum = 0;
                for (let i = channel; i < data.length; i += 4) sum += data[i]!;
                means.push(Math.round((4 * sum) / data.length));
              }
            }
          }
          return means;
        }),
      );
      return { words, marks, canvases };
    },
    [COLUMNS, ROWS, CANVAS_COLUMNS, CANVAS_ROWS] as const,
  );
}

/** What differs by more than machines do, a line for each; empty: it is the same picture. */
export function differences(golden: PictureRecord, now: PictureRecord): string[] {
  const found: string[] = [];
  const lists = (name: string, before: readonly string[], after: readonly string[]): boolean => {
    const at = before.findIndex((one, i) => one !== after[i]);
    if (at < 0 && before.length === after.length) return true;
    const place = at < 0 ? before.length : at;
    found.push(
      `${name} ${place} of ${before.length}: was ${before[place] ?? 'not there'}, is ${after[place] ?? 'not there'}`,
    );
    return false;
  };
  lists('words', golden.words, now.words);
  const named = ({ marks }: PictureRecord): string[] => marks.map(([is, text]) => `${is} "${text}"`);
  if (lists('marks', named(golden), named(now))) {
    for (const [i, [is, text, column, row]] of golden.marks.entries()) {
      const [, , columnNow, rowNow] = now.marks[i]!;
      if (Math.abs(column - columnNow) > 1 || Math.abs(row - rowNow) > 1)
        found.push(`${is} "${text}": was in cell ${column}/${row}, is in ${columnNow}/${rowNow}`);
    }
  }
  if (golden.canvases.length !== now.canvases.length) found.push('another number of canvases');
  for (const [c, before] of golden.canvases.entries()) {
    for (const [i, value] of before.entries()) {
      const valueNow = now.canvases[c]?.[i] ?? 0;
      if (Math.abs(value - valueNow) <= SHADE) continue;
      const cell = Math.floor(i / 3);
      found.push(
        `canvas cell ${cell % CANVAS_COLUMNS}/${Math.floor(cell / CANVAS_COLUMNS)}: was ${value}, is ${valueNow}`,
      );
    }
  }
  return found;
}

/** How far two images of a picture lie apart at the most, of 255: by the shade of the coarse cells of each. */
export function imageDifference(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async ([columns, rows, ...images]) => {
      const [a, b] = await Promise.all(
        images.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
          const size = { resizeWidth: columns, resizeHeight: rows, resizeQuality: 'high' as const };
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }), size);
          const context = new OffscreenCanvas(columns, rows).getContext('2d');
          context?.drawImage(bitmap, 0, 0);
          return context?.getImageData(0, 0, columns, rows).data ?? new Uint8ClampedArray();
        }),
      );
      return Math.max(...a!.map((shade, i) => Math.abs(shade - b![i]!)));
    },
    [CANVAS_COLUMNS, CANVAS_ROWS, one.toString('base64'), other.toString('base64')] as const,
  );
}
