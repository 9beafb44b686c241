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

const fieldsOf = ({ members }) =>
  new Map(members.filter(ts.isPropertySignature).map(member => [member.name.getText(), textOf(member)]));

/** What a type is put together from: the names in it, and the fields that it states itself. */
function madeOf(type) {
  if (ts.isTypeLiteralNode(type)) return { bases: [], fields: fieldsOf(type) };
  const named = ts.isTypeReferenceNode(type);
  const parts = (named ? type.typeArguments : type.types) ?? (type.type ? [type.type] : []);
  const inner = parts.map(madeOf);
  return {
    bases: [...(named ? [type.typeName.getText()] : []), ...inner.flatMap(({ bases }) => bases)],
    fields: new Map(inner.flatMap(({ fields }) => [...fields])),
  };
}

/** Interfaces and types of a family by name: their file, what they extend, and their fields with what is said about them. */
function interfacesOf(family) {
  const src = join(root, 'packages', family, 'src');
  const found = new Map();
  for (const file of readdirSync(src, { recursive: true }).filter(name => name.endsWith('.ts'))) {
    const at = file.replaceAll('\\', '/');
    const source = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest, true);
    for (const { name, type } of source.statements.filter(ts.isTypeAliasDeclaration)) {
      found.set(name.text, { file: at, ...madeOf(type) });
    }
    for (const node of source.statements.filter(ts.isInterfaceDeclaration)) {
      const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.map(type => type.expression.getText()));
      found.set(node.name.text, { file: at, bases, fields: fieldsOf(node) });
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
