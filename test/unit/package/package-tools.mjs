import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/install.mjs';
import { ENTRIES, PACKAGE_FOLDER } from '../../../scripts/package.mjs';

/** The tools that judge the built package, loaded when they are asked. */

/** What publint finds wrong with its manifest. */
export async function publintMessages() {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const { messages, pkg } = await publint({ pkgDir: PACKAGE_FOLDER, strict: true });
  return messages.map((message) => formatMessage(message, pkg));
}

/** What others may rely on, by name of the entry: `kernel`. `index` is the package itself. */
const entryNames = () => Object.values(ENTRIES).map((module) => module.replace(/^.*\//, ''));

/** A report of all that each entry of the built package exports, with its types, as `api-extractor` writes it. */
export async function apiReports() {
  const { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } = await import(
    '@microsoft/api-extractor'
  );
  const folder = join(root, '.cache', 'api');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const configs = entryNames().map((name) => [
    name,
    ExtractorConfig.prepare(settingsOf(name, folder, ExtractorLogLevel)),
  ]);
  const compilerState = CompilerState.create(configs[0][1], {
    additionalEntryPoints: configs.slice(1).map(([, config]) => config.mainEntryPointFilePath),
  });
  return new Map(
    configs.map(([name, config]) => {
      Extractor.invoke(config, {
        compilerState,
        localBuild: true,
        messageCallback: (message) => {
          // The report itself has what is to be said.
          if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
        },
      });
      return [name, readFileSync(join(folder, `${name}.api.md`), 'utf8').replaceAll('\r\n', '\n')];
    }),
  );
}

const settingsOf = (name, folder, ExtractorLogLevel) => ({
  configObject: {
    projectFolder: PACKAGE_FOLDER,
    mainEntryPointFilePath: join(PACKAGE_FOLDER, 'dist', 'package', `${name}.d.ts`),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: 'es2023',
          module: 'nodenext',
          strict: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        include: ['dist'],
      },
    },
    apiReport: {
      enabled: true,
      reportFolder: folder,
      reportTempFolder: join(folder, 'temp'),
      reportFileName: `${name}.api.md`,
      includeForgottenExports: true,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      extractorMessageReporting: {
        default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        // Nothing is marked as alpha, beta or public: what an entry exports is public.
        'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        // The report has what stands behind an exported type as well.
        'ae-forgotten-export': { logLevel: ExtractorLogLevel.None },
        // It says of each export whether it is documented.
        'ae-undocumented': { logLevel: ExtractorLogLevel.None },
      },
      tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
    },
  },
  configObjectFullPath: undefined,
  packageJsonFullPath: join(PACKAGE_FOLDER, 'package.json'),
});
