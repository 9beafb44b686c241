/** For tools that list techniques: how each one describes itself, as a catalogue entry. */
export { define } from './catalogue/define.ts';
export type {
  BadOptions,
  Bench,
  BenchNet,
  Entry,
  LayerBench,
  LayerEntry,
  LayerTraits,
  Paper,
  PluginBench,
  PluginContext,
  PluginEntry,
  PluginTraits,
  ScheduleEntry,
  Trial,
  Words,
} from './catalogue/entry.ts';
export { type Definition, definitionOf } from './options/definition.ts';
