/** Registers our layers, from the packages that are installed next to this one. */

/** Imports of the packages that have layers. */
const packages: readonly (() => Promise<{ register(): void }>)[] = [
  () => import('@keepprob/convert/layers'),
  () => import('@keepprob/dropout'),
  () => import('@keepprob/l2'),
];

let done: Promise<unknown> | undefined;

/** Registers the layers of those packages that are installed. */
export const registerOurs = (): Promise<unknown> => {
  done ??= Promise.all(packages.map(registerOne));
  return done;
};

async function registerOne(load: () => Promise<{ register(): void }>): Promise<void> {
  try {
    const { register } = await load();
    register();
  } catch (error) {
    // a package that is not installed has no layers in any model that can be loaded here
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  }
}
