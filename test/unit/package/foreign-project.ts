import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/install.mjs';
import { buildPackage, packPackage } from '../../../scripts/package.mjs';

/**
 * A project outside the repository with the packed package in it, as `npm install` would lay it: the tarball's files, and of all that the
 * repository has installed only what the package depends on and what is named. No network is needed.
 */
export interface ForeignProject {
  readonly folder: string;
  readonly tarball: string;
  write(file: string, text: string): void;
  /** Runs a program of the project with this Node. */
  node(...args: readonly string[]): Finished;
  remove(): void;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** `tools`: what else the project has installed, besides fast-check. */
export async function createForeignProject(tools: readonly string[]): Promise<ForeignProject> {
  await buildPackage();
  const folder = mkdtempSync(join(tmpdir(), 'fanout-foreign-'));
  const tarball = packPackage(folder);
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'fanout');
  mkdirSync(own, { recursive: true });
  const { status } = spawnSync('tar', ['xzf', tarball, '-C', own, '--strip-components', '1']);
  if (status !== 0) throw new Error(`tar could not unpack ${tarball}`);
  const { dependencies, peerDependencies } = manifestOf(own);
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...tools]) {
    const link = join(modules, name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('package.json', '{ "name": "foreign", "private": true, "type": "module" }');
  cpSync(join(root, 'examples'), join(folder, 'examples'), {
    recursive: true,
    filter: (file) => !file.includes('node_modules'),
  });
  return {
    folder,
    tarball,
    write,
    node: (...args) => {
      const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
      return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A second copy of fast-check, the one that the package finds first. */
export function nestFastCheck({ folder }: ForeignProject): void {
  for (const name of ['fast-check', 'pure-rand'])
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules/fanout/node_modules', name), {
      recursive: true,
    });
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The TypeScript of a Markdown file, block by block. */
export const blocksOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);

/** The examples in the docstrings of a folder of declarations, by file and number. */
export function docExamples(folder: string): Map<string, string> {
  const examples = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    for (const [comment] of readFileSync(join(folder, file), 'utf8').matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      if (!comment.includes('@example')) continue;
      const code = blocksOf(comment.replace(/^ *\* ?/gm, ''));
      for (const one of code) examples.set(`${file.replace(/[/.]/g, '-')}-${examples.size}`, one);
    }
  }
  return examples;
}
