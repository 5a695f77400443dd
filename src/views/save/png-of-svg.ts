import type { SavedPicture } from './svg-of-picture.ts';

/** Two pixels for each of the page's: sharp on paper. */
const SCALE = 2;
/** Engines refuse larger canvases. */
const MOST_PX = 12_000;

/** The picture as PNG. Throws Error when the browser cannot draw it. */
export async function pngOfSvg({ text, width, height }: SavedPicture): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(SCALE, MOST_PX / Math.max(width, height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('the browser gives no canvas');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the browser makes no PNG of it');
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
