/** Full screen where the browser has it and allows it; without it the page fills its window. */
export function enterFullScreen(): void {
  void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

export function leaveFullScreen(): void {
  if (document.fullscreenElement != null) void document.exitFullscreen().catch(() => undefined);
}

/** Calls back when the reader has left full screen with the browser's own key. Returns how to stop. */
export function onFullScreenLeft(left: () => void): () => void {
  let was = document.fullscreenElement != null;
  const listen = (): void => {
    const is = document.fullscreenElement != null;
    if (was && !is) left();
    was = is;
  };
  document.addEventListener('fullscreenchange', listen);
  return () => document.removeEventListener('fullscreenchange', listen);
}
