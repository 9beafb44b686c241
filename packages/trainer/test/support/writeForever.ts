/** Writes one checkpoint after the other into a directory, and says which are written, until it is killed. */
import { writeSync } from 'node:fs';
import { checkpoints } from '../../src/checkpoint/retention.ts';
import { directoryStore } from '../../src/checkpoint/stores/directoryStore.ts';
import { checkpointOf } from './payload.ts';

/** 8 MB: so long that a kill can come in between. */
const SIZE = 2_000_000;

const chain = checkpoints(directoryStore(process.argv[2] as string));
for (let step = ((await chain.latest())?.manifest.step ?? 0) + 1; ; step++) {
  await chain.save(checkpointOf(step, SIZE));
  writeSync(1, `${step}\n`);
}
