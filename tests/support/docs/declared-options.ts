import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The options of an interface, by their paths, as its source declares them: `leaks.onLeak`. */
export function declaredOptions(file: string, name: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.resolve(import.meta.dirname, '../../..', file), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  const interfaces = new Map(
    source.statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]),
  );
  const found = interfaces.get(name);
  if (!found) throw new Error(`${file} has no interface ${name}`);
  return optionsOf(found.members, '', source, interfaces);
}

function optionsOf(
  members: ts.NodeArray<ts.TypeElement>,
  prefix: string,
  source: ts.SourceFile,
  interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>,
): string[] {
  return members.filter(ts.isPropertySignature).flatMap(({ name, type }) => {
    const option = `${prefix}${name.getText(source)}`;
    if (type && ts.isTypeLiteralNode(type)) return optionsOf(type.members, `${option}.`, source, interfaces);
    const group =
      type && ts.isTypeReferenceNode(type) ? interfaces.get(type.typeName.getText(source)) : undefined;
    // What has alternatives is one option: its table names them.
    if (group && (option === 'onePassword' || option === 'store'))
      return optionsOf(group.members, `${option}.`, source, interfaces);
    return [option];
  });
}
