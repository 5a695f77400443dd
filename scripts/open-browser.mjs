import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The full path of a program in PATH, or null. */
export function findInPath(name) {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next one.
    }
  }
  return null;
}

function openCommand(url) {
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  const hasScreen = Boolean(
    process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.env.WSL_DISTRO_NAME,
  );
  const opener = hasScreen ? (findInPath('wslview') ?? findInPath('xdg-open')) : null;
  return opener === null ? null : [opener, url];
}

/** Opens the address in the person's browser. Returns false where there is no screen or no browser; never throws. */
export function openBrowser(url) {
  const command = openCommand(url);
  if (command === null) return false;
  const child = spawn(command[0], command.slice(1), { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
  return true;
}
