import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The options of an interface, by their paths, as its source declares them: `leaks.onLeak`. */
export function declaredOptions(file: string, name: string): string[] {
  const interfaces = interfacesIn(path.resolve(import.meta.dirname, '../../..', file));
  const found = interfaces.get(name);
  if (!found) throw new Error(`${file} has no interface ${name}`);
  return optionsOf(found.members, '', interfaces);
}

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** The interfaces of a file and of the files beside it that it imports. */
function interfacesIn(file: string): Interfaces {
  const { statements } = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    /* setParentNodes */ true,
  );
  const imported = statements.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier }) => {
    const { text } = moduleSpecifier as ts.StringLiteral;
    return text.startsWith('./') ? [path.join(path.dirname(file), text.replace(/\.js$/, '.ts'))] : [];
  });
  return new Map([
    ...imported.flatMap((one) => [...interfacesIn(one)]),
    ...statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one] as const),
  ]);
}

function optionsOf(members: ts.NodeArray<ts.TypeElement>, prefix: string, interfaces: Interfaces): string[] {
  return members.filter(ts.isPropertySignature).flatMap(({ name, type }) => {
    const option = `${prefix}${name.getText()}`;
    if (type && ts.isTypeLiteralNode(type)) return optionsOf(type.members, `${option}.`, interfaces);
    const group = type && ts.isTypeReferenceNode(type) ? interfaces.get(type.typeName.getText()) : undefined;
    // What has alternatives is one option: its table names them.
    if (group && (option === 'onePassword' || option === 'store'))
      return optionsOf(group.members, `${option}.`, interfaces);
    return [option];
  });
}
