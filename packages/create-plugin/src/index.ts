export { type CreatedPlugin, type CreatePluginOptions, createPlugin, type PluginKind } from './createPlugin.ts';
