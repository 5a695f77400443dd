/** Nobody watches a hidden page: what plays waits, and goes on when the page is seen again. */
export function waitWhileHidden(player: { isPlaying(): boolean; pause(): void; play(): void }): void {
  let playsAgain = false;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && player.isPlaying()) {
      playsAgain = true;
      player.pause();
    } else if (!document.hidden && playsAgain) {
      playsAgain = false;
      player.play();
    }
  });
}
