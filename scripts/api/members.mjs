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
  const expected = expectedType(context.checker, node.parent)?.getProperty(node.name.text);
  const value = namedValue(context.checker, node);
  reflection.comment =
    (expected && context.getComment(expected, ReflectionKind.Property)) ??
    (value && commentOf(context, context.resolveAliasedSymbol(value)));
}

/**
 * The type that an object satisfies. The traits of `withTraits(make, traits)` satisfy the type of the row, to
 * which the call belongs.
 */
const expectedType = (checker, object) =>
  checker.getContextualType(isTraitsOf(object.parent, object) ? object.parent : object);

/** Whether a node is a call `withTraits(make, traits)` with these traits, or with any. */
const isTraitsOf = (node, traits = node.arguments?.[1]) =>
  ts.isCallExpression(node) && node.expression.text === 'withTraits' && node.arguments[1] === traits;

/**
 * The value of `{ name: value }` and `{ value }`, if it is a name; for a row with a factory
 * (`withTraits(make, traits)` or `{ make, ... }`), the factory.
 */
function namedValue(checker, node) {
  if (ts.isShorthandPropertyAssignment(node)) return checker.getShorthandAssignmentValueSymbol(node);
  const value = isTraitsOf(node.initializer) ? node.initializer.arguments[0] : node.initializer;
  if (ts.isIdentifier(value)) return checker.getSymbolAtLocation(value);
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const make = value.properties.find(each => each.name?.text === 'make');
  return make && namedValue(checker, make);
}

/** The comment of a variable, or of the signature of a function. */
function commentOf(context, symbol) {
  const declaration = symbol.valueDeclaration;
  return declaration && ts.isFunctionDeclaration(declaration)
    ? context.getSignatureComment(declaration)
    : context.getComment(symbol, ReflectionKind.Variable);
}
