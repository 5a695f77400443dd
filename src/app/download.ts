/** Hands the reader a file that was made in the page. */
export function downloadBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken it over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

export const downloadText = (fileName: string, text: string, type = 'text/plain'): void =>
  downloadBlob(fileName, new Blob([text], { type: `${type};charset=utf-8` }));
