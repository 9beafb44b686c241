/** Writes what every door of every package offers, as TypeScript sees it, into `api/`; with --check sees that nothing of it has changed unnoticed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** `core.layers` → its package and declarations. */
const doors = readdirSync(join(root, 'packages')).flatMap(folder => {
  const path = join(root, 'packages', folder);
  const { exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  return Object.entries(exports ?? {}).flatMap(([door, target]) =>
    target.types
      ? [{ path, name: `${folder}${door.slice(1).replaceAll('/', '.')}`, types: join(path, target.types) }]
      : [],
  );
});

function report({ path, name, types }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: path,
      mainEntryPointFilePath: types,
      compiler: { tsconfigFilePath: join(path, 'tsconfig.json') },
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(root, 'api'),
        reportTempFolder: join(root, 'api', 'tmp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'none' } },
        extractorMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(path, 'package.json'),
  });
  return Extractor.invoke(config, { localBuild: !check, showVerboseMessages: false, messageCallback: silently });
}

/** What changed is said below, in one line a door. */
function silently(message) {
  message.handled = true;
}

mkdirSync(join(root, 'api'), { recursive: true });
const changed = doors.filter(door => {
  const missing = !existsSync(join(root, 'api', `${door.name}.api.md`));
  const { apiReportChanged } = report(door);
  return check && (missing || apiReportChanged);
});
rmSync(join(root, 'api', 'tmp'), { recursive: true, force: true });
if (changed.length) {
  console.error(
    `These doors offer something else than api/ says: ${changed.map(({ name }) => name).join(', ')}. If that is meant, run \`node scripts/api.mjs\`.`,
  );
  process.exitCode = 1;
}
