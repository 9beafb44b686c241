/** The example of a docstring as a module: with what it may use in front, and held to the values that its comments tell. */
import ts from 'typescript';
import type { Export } from './doors.ts';
import { inFront, type yours } from './given.ts';

const comesTo = new URL('comesTo.mjs', import.meta.url).href;

/** The code, with a check behind each statement of the top level that a comment with a value follows. */
function held(code: string): string {
  const { statements } = ts.createSourceFile('example.mjs', code, ts.ScriptTarget.Latest, true);
  let whole = code;
  for (const statement of [...statements].reverse()) {
    const said = saidBehind(code, statement.end);
    const value = said === undefined ? undefined : resultOf(statement);
    if (!value) continue;
    const check = `comesTo(${value.name ?? value.code}, ${said})`;
    const kept = value.name ? `${whole.slice(statement.getStart(), statement.end)} ` : '';
    whole = `${whole.slice(0, statement.getStart())}${kept}await ${check};${whole.slice(statement.end)}`;
  }
  return whole === code ? code : `import { comesTo } from '${comesTo}';\n${whole}`;
}

/** The text of a comment that holds a value and nothing else. */
function saidBehind(code: string, end: number): string | undefined {
  const [comment] = ts.getTrailingCommentRanges(code, end) ?? [];
  if (comment?.kind !== ts.SyntaxKind.SingleLineCommentTrivia) return undefined;
  const text = code.slice(comment.pos + 2, comment.end).trim();
  const value = `(${text})`;
  if (ts.transpileModule(value, { reportDiagnostics: true }).diagnostics?.length) return undefined;
  const [only, more] = ts.createSourceFile('value.ts', value, ts.ScriptTarget.Latest, true).statements;
  if (!only || more || !ts.isExpressionStatement(only) || !ts.isParenthesizedExpression(only.expression))
    return undefined;
  return isPlain(only.expression.expression) ? text : undefined;
}

function isPlain(node: ts.Expression): boolean {
  if (ts.isNumericLiteral(node) || ts.isStringLiteral(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlain);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.every(property => ts.isPropertyAssignment(property) && isPlain(property.initializer));
  }
  const { TrueKeyword, FalseKeyword, NullKeyword } = ts.SyntaxKind;
  return [TrueKeyword, FalseKeyword, NullKeyword].includes(node.kind) || node.getText() === 'undefined';
}

/** What a statement comes to: an expression, or the one constant that it declares. */
function resultOf(statement: ts.Statement): { readonly name?: string; readonly code?: string } | undefined {
  if (ts.isExpressionStatement(statement)) return { code: statement.expression.getText() };
  if (!ts.isVariableStatement(statement)) return undefined;
  const [declared, more] = statement.declarationList.declarations;
  return declared && !more && ts.isIdentifier(declared.name) ? { name: declared.name.text } : undefined;
}

/** Doors that an example of another door has no need of. */
const isForUsers = (door: string): boolean => !/\/(driver|kernels|catalogue)$|^@keepprob\/testing$/.test(door);

/** The module of an example that belongs to `owner`. Names are looked up behind its own door first, then in its package, then in all. */
export function moduleOf(code: string, owner: Export, all: readonly Export[], given: typeof yours): string {
  const root = (door: string): string => door.split('/').slice(0, 2).join('/');
  const rank = ({ door }: Export): number => {
    if (door === owner.door) return 0;
    return (root(door) === root(owner.door) ? 1 : 2) + Number(!isForUsers(door)) * 2;
  };
  const found = all.filter(({ name, value }) => value && !name.includes('.')).sort((a, b) => rank(b) - rank(a));
  const imports = Object.fromEntries(found.map(({ name, door }) => [name, `import { ${name} } from '${door}';`]));
  return inFront(held(code), { ...imports, ...given });
}
