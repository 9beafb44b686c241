/** What the types of a factory's options say about each: the docstrings of its fields. */
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './shell.mjs';

/** A function of family, entry and option that gives what is said about it, or undefined. Reads the declarations as built. */
export function optionDocs(families) {
  const declared = family => join(root, 'packages', family, 'dist/index.d.ts');
  const program = ts.createProgram(families.map(declared), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  /** Arguments may be a tuple, whose length depends on what is required, and options one of several forms. */
  const typesOf = type => {
    if (type.isUnion()) return type.types.flatMap(typesOf);
    return checker.isTupleType(type) ? checker.getTypeArguments(type).flatMap(typesOf) : [type];
  };
  /** An array of values has a method `values`, which is no option. */
  const isOurs = field =>
    field?.declarations?.every(declaration => !program.isSourceFileDefaultLibrary(declaration.getSourceFile()));
  return (family, { name }, option) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(declared(family)));
    const exported = checker.getExportsOfModule(module).find(symbol => symbol.name === name);
    // a new technique has no door until the next build
    if (!exported) return undefined;
    const factory = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const fields = checker
      .getTypeOfSymbol(factory)
      .getCallSignatures()
      .flatMap(({ parameters }) => parameters)
      .flatMap(parameter => typesOf(checker.getTypeOfSymbol(parameter)))
      .map(type => type.getProperty(option))
      .filter(isOurs);
    const texts = fields.map(field => ts.displayPartsToString(field.getDocumentationComment(checker)));
    return texts.find(Boolean)?.replace(/\s+/g, ' ').trim();
  };
}
