/** The code under a heading of a guide, as it is printed there. */
export function shown(guide: string, heading: string, language: string): string {
  const [, part = ''] = guide.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [, code] = part.split(/^#+ /m)[0]?.match(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm')) ?? [];
  if (code === undefined) throw new Error(`the guide shows no ${language} under "${heading}"`);
  return code;
}

/** What a guide says its program prints, whatever the numbers. */
export function printed(guide: string, heading: string): RegExp {
  const text = shown(guide, heading, 'text').trimEnd();
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\d+/g, '\\d+')}$`, 'm');
}
