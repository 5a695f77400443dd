import ts from 'typescript';

/** What a source file asks of others, and what it uses that is there without asking. */
export interface Source {
  /** From the root of the project: `src/kernel/world.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
}

export interface Import {
  /** A path from the root of the project when it is a file, else the name of a package as it is written. */
  readonly target: string;
  readonly isFile: boolean;
  readonly line: number;
  /** Gone when the types are taken off. */
  readonly typesOnly: boolean;
}

/** A global (`Date`), a member of one (`Math.random`), a method (`.toLocaleString`), or an operator (`**`). */
export interface Use {
  readonly name: string;
  readonly line: number;
}

/** The path that a relative import means; what follows a `?` is for the bundler. */
function resolveRelative(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.replace(/\?.*$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function isTypesOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

/** The module that this node names, and whether only for its types; null when it names none. */
function importedBy(node: ts.Node): { specifier: string; typesOnly: boolean } | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const from = node.moduleSpecifier;
    return from !== undefined && ts.isStringLiteral(from)
      ? { specifier: from.text, typesOnly: isTypesOnly(node) }
      : null;
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { specifier: node.argument.literal.text, typesOnly: true };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [from] = node.arguments;
    return from !== undefined && ts.isStringLiteralLike(from)
      ? { specifier: from.text, typesOnly: false }
      : null;
  }
  // new Worker(new URL('./main.ts', import.meta.url)): another thread, but an import all the same.
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
    const [from, base] = node.arguments ?? [];
    const isModule =
      from !== undefined && ts.isStringLiteralLike(from) && /^\.{1,2}\/.*\.tsx?$/.test(from.text);
    return isModule && base !== undefined ? { specifier: from.text, typesOnly: false } : null;
  }
  return null;
}

/** All names that the file declares itself, in whatever scope: a local `name` or `location` is no global. */
function declaredNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const name = (node as ts.NamedDeclaration).name;
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node);
    if (declares && name !== undefined && ts.isIdentifier(name)) names.add(name.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

/** Whether the identifier is read as a value: not a name being given, not a property, not a type. */
function isValue(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return ts.isExpressionWithTypeArguments(parent);
  return (parent as ts.NamedDeclaration).name !== node && (parent as ts.BindingElement).propertyName !== node;
}

/** `2 ** 32` or `2 ** -32`: literals whose power a double holds exactly are the same number in every engine. */
function isExactPower({ left, right }: ts.BinaryExpression): boolean {
  const isMinus = ts.isPrefixUnaryExpression(right) && right.operator === ts.SyntaxKind.MinusToken;
  const size = isMinus ? right.operand : right;
  if (!ts.isNumericLiteral(left) || !ts.isNumericLiteral(size)) return false;
  const [base, exponent] = [Number(left.text), Number(size.text)];
  if (!Number.isInteger(base) || !Number.isInteger(exponent)) return false;
  return base === 2 ? exponent <= 1022 : !isMinus && Number.isSafeInteger(base ** exponent);
}

function usedBy(node: ts.Node, declared: ReadonlySet<string>): string[] {
  if (ts.isIdentifier(node) && !declared.has(node.text) && isValue(node)) return [node.text];
  if (ts.isPropertyAccessExpression(node)) {
    const of = node.expression;
    const isGlobal = ts.isIdentifier(of) && !declared.has(of.text);
    const owner = isGlobal ? of.text : ts.isMetaProperty(of) ? 'import.meta' : '';
    return [`${owner}.${node.name.text}`, ...(owner === '' ? [] : [`.${node.name.text}`])];
  }
  if (
    ts.isElementAccessExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Math'
  ) {
    return ['Math[]'];
  }
  // const { random } = Math
  if (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer !== undefined
  ) {
    const of = node.initializer;
    if (!ts.isIdentifier(of)) return [];
    return node.name.elements.map((e) => `${of.text}.${(e.propertyName ?? e.name).getText()}`);
  }
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    const isPower =
      operator === ts.SyntaxKind.AsteriskAsteriskToken ||
      operator === ts.SyntaxKind.AsteriskAsteriskEqualsToken;
    return isPower && !isExactPower(node) ? ['**'] : [];
  }
  return [];
}

export function readSource(path: string, text: string): Source {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, kind);
  const declared = declaredNames(file);
  const imports: Import[] = [];
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    const imported = importedBy(node);
    if (imported !== null) {
      const { specifier, typesOnly } = imported;
      const isFile = specifier.startsWith('.');
      imports.push({
        target: isFile ? resolveRelative(path, specifier) : specifier,
        isFile,
        line,
        typesOnly,
      });
    }
    for (const name of usedBy(node, declared)) uses.push({ name, line });
    ts.forEachChild(node, visit);
  };
  visit(file);
  const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, lines, imports, uses };
}
