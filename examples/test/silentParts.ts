/** Which parts of a declaration have no docstring: itself, its overloads, the fields and methods of an interface or a class. */
import ts from 'typescript';

const hasDocs = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);

/** Names such as `FitOptions` and `FitOptions.loss`; of what is declared in this repository alone. */
export function silentParts(symbol: ts.Symbol, name: string): string[] {
  const ours = (symbol.declarations ?? []).filter(node => !node.getSourceFile().fileName.includes('/node_modules/'));
  return ours.flatMap(declaration => {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const silent = membersOf(declaration).filter(member => !hasDocs(member));
    const parts = silent.map(({ name: field }) => `${name}.${field?.getText() ?? '()'}`);
    return hasDocs(statement) ? parts : [name, ...parts];
  });
}

/** Those that a user reads about: neither constructors nor private fields nor ones behind a symbol. */
function membersOf(declaration: ts.Declaration): readonly (ts.TypeElement | ts.ClassElement)[] {
  if (!ts.isInterfaceDeclaration(declaration) && !ts.isClassDeclaration(declaration)) return [];
  const members: readonly (ts.TypeElement | ts.ClassElement)[] = declaration.members;
  return members.filter(member => {
    const { name } = member;
    if (ts.isConstructorDeclaration(member)) return false;
    return !name || !(ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name));
  });
}
