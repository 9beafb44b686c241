import type { Command } from 'commander';

/** The given options as words of a command line, without those that decide about existing files. */
export const given = (command: Command): string[] =>
  command.options.flatMap(option => {
    const name = option.attributeName();
    if (['resume', 'force'].includes(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value = command.getOptionValue(name);
    return [option.long as string, ...(value === true ? [] : [withoutPassword(String(value))])];
  });

/** Hides the password of an address, since printed text may be kept. */
const withoutPassword = (word: string): string => word.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:…@');
