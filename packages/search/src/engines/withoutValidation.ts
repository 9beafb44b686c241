/** Training that ignores the validation rows: there are none, or they measure something else. */
import { flatten, type Hooks, type Plugins, type TrainingPlugin } from '@keepprob/core';

/** The same plugins; those that watch a log of validation rows, such as early stopping, are switched off. */
export const withoutValidation = (plugins: Plugins): readonly TrainingPlugin[] => flatten([plugins]).map(deaf);

function deaf(plugin: TrainingPlugin): TrainingPlugin {
  const setup: TrainingPlugin['setup'] = context => {
    const hooks = plugin.setup(context);
    return (hooks.monitors?.() ?? []).some(log => log.startsWith('val')) ? idle(hooks) : hooks;
  };
  return { ...plugin, setup };
}

const idle = ({ dispose }: Hooks): Hooks => (dispose ? { dispose } : {});
