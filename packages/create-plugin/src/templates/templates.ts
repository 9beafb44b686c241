/** The kinds of plugins, and what is written for each. */
import { layer } from './layer.ts';
import { step } from './step.ts';
import type { Template } from './template.ts';
import { training } from './training.ts';

/** Where a plugin acts. */
export type PluginKind = 'layer' | 'training' | 'step';

export const templates: Readonly<Record<PluginKind, Template>> = { layer, training, step };

export const kinds: readonly PluginKind[] = ['layer', 'training', 'step'];

export const isKind = (given: string): given is PluginKind => Object.hasOwn(templates, given);
