// Adds what typedoc does not do for object literals, from which this package derives types.
import { Converter, ReferenceType, ReflectionKind } from 'typedoc';
import ts from 'typescript';

/** A typedoc plugin. */
export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_SIGNATURE, writeOutOptions);
  converter.on(Converter.EVENT_CREATE_DECLARATION, inheritComment);
}

/** Shows a parameter `Options<typeof defaults>` as its members, with the comments of `defaults`. */
function writeOutOptions(context, signature, declaration) {
  for (const [i, parameter] of (signature.parameters ?? []).entries()) {
    const node = declaration?.parameters?.[i];
    if (!node || !(parameter.type instanceof ReferenceType) || parameter.type.name !== 'Options') continue;
    const type = context.checker.getNonNullableType(context.checker.getTypeAtLocation(node));
    const scope = context.withScope(signature).withScope(parameter);
    parameter.type = context.converter.convertType(scope, type);
  }
}

/**
 * A member without a comment gets the comment of the type that its object satisfies, or else that of its
 * value.
 */
function inheritComment(context, reflection) {
  const node = context.getSymbolFromReflection(reflection)?.valueDeclaration;
  const isMember = node && (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node));
  if (reflection.hasComment() || !isMember) return;
  const expected = context.checker.getContextualType(node.parent)?.getProperty(node.name.text);
  const value = namedValue(context.checker, node);
  reflection.comment =
    (expected && context.getComment(expected, ReflectionKind.Property)) ??
    (value && commentOf(context, context.resolveAliasedSymbol(value)));
}

/**
 * The value of `{ name: value }` and `{ value }`, if it is a name; for a row with a factory `make`, the
 * factory.
 */
function namedValue(checker, node) {
  if (ts.isShorthandPropertyAssignment(node)) return checker.getShorthandAssignmentValueSymbol(node);
  if (ts.isIdentifier(node.initializer)) return checker.getSymbolAtLocation(node.initializer);
  if (!ts.isObjectLiteralExpression(node.initializer)) return undefined;
  const make = node.initializer.properties.find(each => each.name?.text === 'make');
  return make && namedValue(checker, make);
}

/** The comment of a variable, or of the signature of a function. */
function commentOf(context, symbol) {
  const declaration = symbol.valueDeclaration;
  return declaration && ts.isFunctionDeclaration(declaration)
    ? context.getSignatureComment(declaration)
    : context.getComment(symbol, ReflectionKind.Variable);
}
