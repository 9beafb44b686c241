/** What the sources of a family say about the options of its techniques: the docstrings of the interfaces `…Options` and `…Config`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './shell.mjs';

const textOf = node =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(doc => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Interfaces of a family by name: their file, what they extend, and their fields with what is said about them. */
function interfacesOf(family) {
  const src = join(root, 'packages', family, 'src');
  const found = new Map();
  for (const file of readdirSync(src, { recursive: true }).filter(name => name.endsWith('.ts'))) {
    const at = file.replaceAll('\\', '/');
    const source = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest, true);
    // `type DropPathConfig = Keeping` says what `Keeping` says
    for (const { name, type } of source.statements.filter(ts.isTypeAliasDeclaration)) {
      if (ts.isTypeReferenceNode(type))
        found.set(name.text, { file: at, bases: [type.typeName.getText()], fields: new Map() });
    }
    for (const node of source.statements.filter(ts.isInterfaceDeclaration)) {
      const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map(type => type.expression.getText()));
      const fields = node.members.filter(ts.isPropertySignature).map(member => [member.name.getText(), textOf(member)]);
      found.set(node.name.text, { file: at, bases, fields: new Map(fields) });
    }
  }
  return found;
}

/** A function that gives what the file of a technique says about one of its options, or undefined. `files`: where each technique stands. */
export function optionDocs(family, files) {
  const interfaces = interfacesOf(family);
  const look = (name, option) => {
    const { bases = [], fields } = interfaces.get(name) ?? {};
    return fields?.get(option) ?? bases.map(base => look(base, option)).find(Boolean);
  };
  return ({ name }, option) =>
    [...interfaces]
      .filter(([type, { file }]) => file === files.get(name) && /(Options|Config)$/.test(type))
      .map(([type]) => look(type, option))
      .find(Boolean);
}
