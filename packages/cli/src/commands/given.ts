import type { Command } from 'commander';

/** The options that were given, in words, but for those that say what becomes of what is there. */
export const given = (command: Command): string[] =>
  command.options.flatMap(option => {
    const name = option.attributeName();
    if (['resume', 'force'].includes(name) || command.getOptionValueSource(name) !== 'cli') return [];
    const value = command.getOptionValue(name);
    return [option.long as string, ...(value === true ? [] : [withoutPassword(String(value))])];
  });

/** What is printed may be kept: the password of an address is not. */
const withoutPassword = (word: string): string => word.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:…@');
