/** Which parts of a declaration have no docstring: itself, its overloads, the fields and methods of a type or a class; which options say no default. */
import ts from 'typescript';

const hasDocs = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
const docsOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(part => part.getText())
    .join(' ');
const isOptions = (name: string): boolean => /(Options|Arguments)$/.test(name);
/** Declarations in this repository. */
const ours = (symbol: ts.Symbol): ts.Declaration[] =>
  (symbol.declarations ?? []).filter(node => !node.getSourceFile().fileName.includes('/node_modules/'));

/** Names such as `FitOptions` and `FitOptions.loss`; of what is declared in this repository alone. */
export function silentParts(symbol: ts.Symbol, name: string): string[] {
  return ours(symbol).flatMap(declaration => {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const silent = membersOf(declaration).filter(member => !hasDocs(member));
    const parts = silent.map(({ name: field }) => `${name}.${field?.getText() ?? '()'}`);
    return hasDocs(statement) ? parts : [name, ...parts];
  });
}

/** Options that may be left out and do not say what holds then; of types named `…Options`. */
export function optionsWithoutDefault(symbol: ts.Symbol, name: string): string[] {
  if (!isOptions(name)) return [];
  return ours(symbol).flatMap(declaration =>
    membersOf(declaration)
      .filter(member => 'questionToken' in member && member.questionToken && !/\bdefault\b/i.test(docsOf(member)))
      .map(({ name: field }) => `${name}.${field?.getText()}`),
  );
}

/** Those that a user reads about: neither constructors nor private fields nor ones behind a symbol. */
function membersOf(declaration: ts.Declaration): readonly (ts.TypeElement | ts.ClassElement)[] {
  const members = ts.isTypeAliasDeclaration(declaration) ? optionsIn(declaration) : fieldsOf(declaration);
  return members.filter(member => {
    const { name } = member;
    if (ts.isConstructorDeclaration(member)) return false;
    return !name || !(ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name));
  });
}

const fieldsOf = (declaration: ts.Declaration): readonly (ts.TypeElement | ts.ClassElement)[] =>
  ts.isInterfaceDeclaration(declaration) || ts.isClassDeclaration(declaration) ? declaration.members : [];

/** A short type says in one sentence what its fields are; options have one each. */
const optionsIn = ({ name, type }: ts.TypeAliasDeclaration): readonly ts.TypeElement[] =>
  isOptions(name.text) ? literalsIn(type) : [];

/** The fields of every object in a type: of those that it joins, chooses from, or passes on. */
function literalsIn(type: ts.TypeNode): readonly ts.TypeElement[] {
  if (ts.isTypeLiteralNode(type)) return type.members;
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(literalsIn);
  if (ts.isParenthesizedTypeNode(type)) return literalsIn(type.type);
  return ts.isTypeReferenceNode(type) ? (type.typeArguments ?? []).flatMap(literalsIn) : [];
}
