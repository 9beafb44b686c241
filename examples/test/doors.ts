/** What the doors of the packages export, and the examples in its docstrings. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { optionsWithoutDefault, silentParts } from './silentParts.ts';

export interface Export {
  /** Such as `l2`, or `option.number` for a member of a namespace. */
  readonly name: string;
  /** Such as `@keepprob/core/stock`. */
  readonly door: string;
  /** Whether it exists at run time. */
  readonly value: boolean;
  /** Whether it is called: a function, a class, or a constant with a call signature. */
  readonly called: boolean;
  readonly examples: readonly string[];
  /** It and its fields, as far as they have no docstring. */
  readonly silent: readonly string[];
  /** Its options that may be left out and do not say what holds then. */
  readonly withoutDefault: readonly string[];
}

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Each door with its declarations as built: `@keepprob/core/stock`, `…/core/dist/stock.d.ts`. */
function doorsOf(folder: string): [door: string, file: string][] {
  const { name, exports } = JSON.parse(readFileSync(`${packages}${folder}/package.json`, 'utf8')) as {
    name: string;
    exports: Record<string, { types: string }>;
  };
  return Object.entries(exports).map(([door, { types }]) => [
    `${name}${door.slice(1)}`,
    `${packages}${folder}/${types.slice(2)}`,
  ]);
}

/** What each package exports, by the package's folder. */
export function exportsOfPackages(): ReadonlyMap<string, readonly Export[]> {
  const doors = readdirSync(packages).map(folder => ({ folder, files: doorsOf(folder) }));
  const program = ts.createProgram(
    doors.flatMap(({ files }) => files.map(([, file]) => file)),
    { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true },
  );
  const checker = program.getTypeChecker();
  const behind = ([door, file]: [string, string]): Export[] => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is not built`);
    return exportsOf(checker, module).map(found => ({ ...found, door }));
  };
  return new Map(doors.map(({ folder, files }) => [folder, files.flatMap(behind)]));
}

function exportsOf(checker: ts.TypeChecker, module: ts.Symbol, namespace = ''): Omit<Export, 'door'>[] {
  return checker.getExportsOfModule(module).flatMap(symbol => {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const name = `${namespace}${symbol.name}`;
    const examples = meant.getJsDocTags(checker).filter(tag => tag.name === 'example');
    const found = {
      name,
      value: (meant.flags & ts.SymbolFlags.Value) !== 0,
      called: isCalled(checker, meant),
      examples: examples.map(({ text }) => ts.displayPartsToString(text)),
      silent: meant.flags & ts.SymbolFlags.ValueModule ? [] : silentParts(meant, name),
      withoutDefault: optionsWithoutDefault(meant, name),
    };
    return meant.flags & ts.SymbolFlags.ValueModule ? [found, ...exportsOf(checker, meant, `${name}.`)] : [found];
  });
}

function isCalled(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) return true;
  return !!(symbol.flags & ts.SymbolFlags.Variable) && checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
}
