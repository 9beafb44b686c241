export {
  type CheckpointSpec,
  type Config,
  type DataSpec,
  defineConfig,
  type JsonConfig,
  type LayerSpec,
  type MakeTraining,
  type OptimizerSpec,
  type PluginSpec,
  type Setting,
  type SourceSpec,
  type Training,
} from './config/config.ts';
