/** How much larger than laid out an element is drawn: 1, or more where a picture is enlarged for a room. */
export const enlargement = (element: HTMLElement): number =>
  element.offsetWidth === 0 ? 1 : element.getBoundingClientRect().width / element.offsetWidth;

/** Where a pointer is in an element, in the pixels that it is laid out in. */
export function pointIn(
  element: HTMLElement,
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
): { readonly x: number; readonly y: number } {
  const { left, top } = element.getBoundingClientRect();
  const scale = enlargement(element);
  return { x: (clientX - left) / scale, y: (clientY - top) / scale };
}
