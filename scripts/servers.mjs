/** Gets PostgreSQL and Redis for the tests of searches over several machines, which start their own. Where they cannot be had, those tests are skipped. */
import { existsSync } from 'node:fs';
import { aptInstall, canInstall } from './apt.mjs';

const places = { postgresql: '/usr/lib/postgresql', 'redis-server': '/usr/bin/redis-server' };

/** Debian's packages when root; else it is said that there are none. */
export async function findServers() {
  for (const [name, place] of Object.entries(places)) {
    if (!existsSync(place) && canInstall()) await aptInstall(name);
    if (!existsSync(place))
      console.log(
        `No ${name} found: tests of searches over it are skipped. Install it (\`sudo apt-get install ${name}\`, or your system’s way).`,
      );
  }
}
