/**
 * The texts of all scenarios that come with the page. A module of its own, loaded after the first picture, so that they do not
 * hold it up.
 */
const files = import.meta.glob<string>(['../../scenarios/*.yaml', '../../scenarios/exercises/*.yaml'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface LibraryEntry {
  readonly name: string;
  readonly fileName: string;
  readonly text: string;
}

export const LIBRARY: readonly LibraryEntry[] = Object.entries(files).map(([path, text]) => {
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  return { name: fileName.replace(/\.yaml$/, ''), fileName, text };
});
