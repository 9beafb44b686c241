/** Every message about checkpoints. Each says what was expected, what came, and what to do. */

const lines = (differences: readonly string[]): string => differences.map(d => `  ${d}`).join('\n');

export const messages = {
  notSafetensors: (reason: string) => `this is no safetensors file: ${reason}.`,
  tensor: (name: string, reason: string) => `safetensors: tensor "${name}": ${reason}.`,
  dtypeUnknown: (dtype: string, known: readonly string[]) =>
    `dtype ${dtype} is not one of ${known.join(', ')}; convert it`,
  dtypeUnsaved: (dtype: string) => `dtype ${dtype} cannot be saved; expected float32, int32, bool or uint8`,
  elements: (expected: number, received: number) => `its shape has ${expected} elements, its data ${received}`,
  notACheckpoint: () => 'this is no checkpoint of @keepprob/trainer.',
  format: (received: unknown, known: number) =>
    `this checkpoint has format ${String(received)}; this version reads format ${known}. Install the version that wrote it, or start anew.`,
  damaged: () => 'the checkpoint is damaged: its bytes do not have the checksum that it names.',
  skipped: (name: string, reason: string) => `checkpoint "${name}" is skipped: ${reason}`,
  allDamaged: (names: readonly string[]) =>
    `none of the checkpoints ${names.join(', ')} can be read. Restore one of them, or empty the store to start anew.`,
  notRemoved: (name: string, reason: string) => `the old checkpoint "${name}" could not be removed: ${reason}`,
  name: (name: string) =>
    `a checkpoint's name must consist of letters, digits, ".", "_" and "-", and not begin with a dot. Received: ${JSON.stringify(name)}.`,
  full: (where: string) => `no room to write ${where}. The checkpoint before it is untouched; free some space.`,
  readOnly: (where: string) => `writing ${where} is not allowed. Choose another directory, or change its permissions.`,
  storage: (what: string, reason: string) => `${what}: ${reason}`,
  different: (differences: readonly string[]) =>
    `the checkpoint is of another run:\n${lines(differences)}\n` +
    "Set these as they were, start anew in an empty store, or take what fits with resume: 'force'.",
  differentModel: (differences: readonly string[]) =>
    `the checkpoint is of another model:\n${lines(differences)}\nBuild the model that was trained.`,
  bestUnknown: (name: string, nearest: string | undefined, known: readonly string[]) =>
    `fit: checkpoint: there is no log "${name}" to tell the \`best\` epoch by.${nearest ? ` Did you mean "${nearest}"?` : ''} Name one of ${known.join(', ')}; the run is saved.`,
  stateful: (layers: readonly string[]) =>
    `fit: a checkpoint does not hold the states that stateful layers carry from batch to batch (${layers.join(', ')}). Set stateful: false there, or leave out \`checkpoint\`.`,
  missing: () => 'there is no checkpoint in the store. Look at its name, and whether a run was saved in it.',
} as const;
