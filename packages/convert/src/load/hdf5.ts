/**
 * Reads HDF5 files with h5wasm, the C library of the HDF Group as WebAssembly. It is loaded only when a file is read, since it has 4 MB. Files are in the
 * memory of the module, so links in them lead nowhere. A marked seam: read in h5wasm 0.10.3.
 */
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import { sizeOf } from '../safetensors/checks.ts';
import type { Floats } from '../torch/numbers.ts';

/** Access to a file. */
export interface Hdf5 {
  /** The numbers at a path; undefined if there is no dataset of real numbers. */
  floats(path: string): Dataset | undefined;
  /** The names in a group; none if there is no such group. */
  names(path: string): readonly string[];
  /** A text attribute of a group, or a list of texts; undefined if there is none. */
  text(path: string, name: string): string | undefined;
  texts(path: string, name: string): readonly string[] | undefined;
}

/** A dataset whose numbers are not read yet. */
export interface Dataset {
  readonly shape: readonly number[];
  read(): Floats;
}

type Module = typeof import('h5wasm');
type Opened = InstanceType<Module['File']>;

/** The numbers of type classes in HDF5. */
const INTEGER = 0;
const FLOAT = 1;

let count = 0;

/**
 * Opens a file for `use`, and always closes it afterwards, even after an error.
 * @throws ConvertError if it is not a whole HDF5 file
 */
export async function withHdf5<T>(bytes: Uint8Array, use: (file: Hdf5) => T | Promise<T>): Promise<T> {
  const module = await import('h5wasm');
  const { FS, activate_throwing_error_handler: throwErrors } = await module.ready;
  throwErrors();
  const name = `keepprob-${count++}.h5`;
  let file: Opened | undefined;
  try {
    FS.writeFile(name, bytes);
    const opened = guarded(() => new module.File(name, 'r'));
    file = opened;
    // awaited, so that the file is not closed too early
    return await use(reader(module, opened));
  } finally {
    close(file);
    FS.unlink(name);
  }
}

/**
 * Opens files that hold the parts of one file. They are searched in order.
 * @throws ConvertError if one is not a whole HDF5 file
 */
export async function withParts<T>(
  parts: readonly Uint8Array[],
  use: (file: Hdf5) => T | Promise<T>,
  opened: readonly Hdf5[] = [],
): Promise<T> {
  const [first, ...others] = parts;
  if (!first) return use(together(opened));
  return withHdf5(first, file => withParts(others, use, [...opened, file]));
}

function together(files: readonly Hdf5[]): Hdf5 {
  const inOne = <R>(read: (file: Hdf5) => R | undefined): R | undefined => {
    for (const file of files) {
      const found = read(file);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    floats: path => inOne(file => file.floats(path)),
    names: path => [...new Set(files.flatMap(file => file.names(path)))],
    text: (path, name) => inOne(file => file.text(path, name)),
    texts: (path, name) => inOne(file => file.texts(path, name)),
  };
}

function close(file: Opened | undefined): void {
  try {
    file?.close();
  } catch {
    // objects that a damaged file leaves open stay in the memory of the module
  }
}

/** Errors of the library, and WebAssembly traps, mean that the file is damaged. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ConvertError) throw cause;
    throw new ConvertError('damaged', messages.notHdf5(reasonOf(cause)), { cause });
  }
}

/** The first line of the error, without source locations in the library. */
const reasonOf = (cause: unknown): string => {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return line.slice(0, 120) || 'it cannot be read';
};

function reader(module: Module, file: Opened): Hdf5 {
  const groupAt = (path: string) => {
    const group = path === '' ? file : at(file, path);
    return group instanceof module.Group ? group : undefined;
  };
  const attribute = (path: string, name: string): unknown => {
    const group = groupAt(path);
    return group && Object.hasOwn(group.attrs, name) ? group.attrs[name]?.value : undefined;
  };
  return {
    floats: path =>
      guarded(() => {
        const found = at(file, path);
        return found instanceof module.Dataset ? datasetOf(found) : undefined;
      }),
    names: path => guarded(() => groupAt(path)?.keys() ?? []),
    text: (path, name) =>
      guarded(() => {
        const value = attribute(path, name);
        return typeof value === 'string' ? value : undefined;
      }),
    texts: (path, name) =>
      guarded(() => {
        const value = attribute(path, name);
        const list = typeof value === 'string' ? [value] : value;
        return Array.isArray(list) && list.every(item => typeof item === 'string') ? list : undefined;
      }),
  };
}

/** The object at a path, found step by step, since the library reports an error if a step is missing. */
function at(file: Opened, path: string): unknown {
  let here: unknown = file;
  for (const step of path.split('/')) {
    if (!hasGroup(here) || !here.keys().includes(step)) return undefined;
    here = here.get(step);
  }
  return here;
}

const hasGroup = (value: unknown): value is { keys(): string[]; get(name: string): unknown } =>
  typeof value === 'object' && value !== null && 'keys' in value && 'get' in value;

interface Numbers {
  readonly metadata: { readonly type: number; readonly shape: number[] | null; readonly virtual_sources?: unknown };
  readonly value: unknown;
}

function datasetOf(dataset: Numbers): Dataset | undefined {
  const { type, shape } = dataset.metadata;
  if ((type !== FLOAT && type !== INTEGER) || !shape) return undefined;
  return {
    shape,
    read: () =>
      guarded(() => {
        const { value } = dataset;
        const data = floatsOf(value);
        if (data?.length !== sizeOf(shape)) throw new ConvertError('damaged', messages.notHdf5('numbers are missing'));
        return { shape, data };
      }),
  };
}

/** Numbers of any type as float32. */
function floatsOf(value: unknown): Float32Array | undefined {
  if (typeof value === 'number') return Float32Array.of(value);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return Float32Array.from(value, Number);
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return undefined;
  return Float32Array.from(value as Float32Array);
}
