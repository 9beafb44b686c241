/** Every message about checkpoints. Each says what was expected, what was received, and what to do. */
import { show } from '@keepprob/core/driver';

const lines = (differences: readonly string[]): string => differences.map(d => `  ${d}`).join('\n');

export const notSafetensors = (reason: string): string => `not a safetensors file: ${reason}.`;
export const tensor = (name: string, reason: string): string => `safetensors: tensor "${name}": ${reason}.`;
export const dtypeUnknown = (dtype: string, known: readonly string[]): string =>
  `dtype ${dtype} is not one of ${known.join(', ')}; convert it`;
export const dtypeUnsaved = (dtype: string): string =>
  `dtype ${dtype} cannot be saved; expected float32, int32, bool or uint8`;
export const tooLarge = (bytes: number): string =>
  `the checkpoint has ${bytes} bytes, more than this JavaScript engine holds in one array. Use a newer Node or browser, or a smaller model.`;
export const elements = (expected: number, received: number): string =>
  `its shape has ${expected} elements, its data ${received}`;
export const notACheckpoint = (): string => 'not a checkpoint of @keepprob/trainer.';
export const format = (received: unknown, known: number): string =>
  `this checkpoint has format ${String(received)}; this version reads format ${known}. Install the version that wrote it, or start over.`;
export const damaged = (): string => 'the checkpoint is damaged: its bytes do not match its checksum.';
export const manifest = (reason: string): string => `the checkpoint has no manifest to resume from: ${reason}.`;
export const notWhole = (reason: string): string => `the checkpoint is incomplete: ${reason}.`;
export const checkpointExpected = (received: unknown): string =>
  `expected a checkpoint, as \`checkpoints(store).latest()\` and \`decodeCheckpoint(bytes)\` return it. Received: ${show(received)}.`;
export const skipped = (name: string, reason: string): string => `checkpoint "${name}" is skipped: ${reason}`;
export const allDamaged = (names: readonly string[]): string =>
  `none of the checkpoints ${names.join(', ')} can be read. Restore one of them, or empty the store to start over.`;
export const notRemoved = (name: string, reason: string): string =>
  `the old checkpoint "${name}" could not be removed: ${reason}`;
export const bytes = (received: unknown): string =>
  `a checkpoint is a Uint8Array, as encodeCheckpoint returns. Received: ${show(received)}.`;
export const safetensorsExpected = (received: unknown): string =>
  `expected { tensors, metadata }, tensors by name and text by name. Received: ${show(received)}.`;
export const name = (name: unknown): string =>
  `a checkpoint's name must consist of letters, digits, ".", "_" and "-", and not begin with a dot. Received: ${show(name)}.`;
export const full = (where: string): string => `no room to write ${where}; free some space.`;
export const stillThere = (message: string, name: string): string =>
  `${message} The checkpoint before it, "${name}", is untouched.`;
export const readOnly = (where: string): string =>
  `writing ${where} is not allowed. Choose another folder, or change its permissions.`;
export const storage = (what: string, reason: string): string => `${what}: ${reason}`;
export const different = (differences: readonly string[]): string =>
  `the checkpoint is of another run:\n${lines(differences)}\n` +
  "Set these as they were, start over in an empty store, or take what fits with resume: 'force'.";
export const differentModel = (differences: readonly string[]): string =>
  `the checkpoint belongs to another model:\n${lines(differences)}\nBuild the model that was trained.`;
export const stateful = (layers: readonly string[]): string =>
  `fit: a checkpoint does not hold the states that stateful layers carry from batch to batch (${layers.join(', ')}). Set stateful: false there, or leave out \`checkpoint\`.`;
export const remembersMask = (layers: readonly string[]): string =>
  `fit: a checkpoint does not hold the mask that the cells of tf.layers.rnn draw once and keep (${layers.join(', ')}). Use tf.layers.lstm, gru or simpleRNN, which draw one for each batch, or leave out \`checkpoint\`.`;
export const optimizerMemory = (name: string, fields: readonly string[]): string =>
  `optimizer ${name} keeps what no checkpoint holds in ${fields.map(field => `\`${field}\``).join(', ')}: a resumed run would lack it. Keep it in tf.Variables, in lists of ` +
  '{ originalName, variable }, as TF.js does, or in plain values, or leave out `checkpoint`.';
export const privateMemory = (name: string): string =>
  `optimizer ${name} has private fields, which no checkpoint holds: a resumed run equals one that was never stopped only if these fields keep nothing from one update to the next.`;
export const inUse = (where: string): string =>
  `another run is saving in ${where}. End it, wait for it, or choose another place for this one.`;
export const missing = (): string => 'the store has no checkpoint. Check its name, and whether a run was saved in it.';
