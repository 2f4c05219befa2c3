// Compares a value with the shape it must have: each field present, of its type, and no field that the API doesn't know.

const kind = Symbol("shape");

/** One of several shapes: oneOf(null, String). */
export const oneOf = (...shapes) => ({ [kind]: "oneOf", shapes });
/** A field that may be absent. */
export const optional = (shape) => ({ [kind]: "optional", shapes: [shape] });
/** A whole number, not negative. */
export const Whole = { [kind]: "whole" };

/** An array of nothing. */
export const Nothing = { [kind]: "nothing" };

/** The differences as "path: what is wrong", none if the value fits. Shapes: String, Number, Boolean, null, a literal,
 * [shape] for an array of at least one, an object of fields, a RegExp for a string. */
export function differences(value, shape, path = "$") {
  if (shape === null) return value === null ? [] : [`${path}: ${show(value)}, not null`];
  if (shape?.[kind] === "oneOf") {
    const tries = shape.shapes.map((one) => differences(value, one, path));
    return tries.some((found) => found.length === 0) ? [] : tries[tries.length - 1];
  }
  if (shape?.[kind] === "optional") {
    return value === undefined ? [] : differences(value, shape.shapes[0], path);
  }
  if (value === undefined) return [`${path}: missing`];
  if (shape === Whole) {
    return Number.isInteger(value) && value >= 0 ? [] : [`${path}: ${show(value)}, not a whole number`];
  }
  if (shape === Nothing) {
    return Array.isArray(value) && value.length === 0 ? [] : [`${path}: ${show(value)}, not an empty array`];
  }
  if (typeof shape === "function") {
    return typeof value === shape.name.toLowerCase() ? [] : [`${path}: ${show(value)}, not a ${shape.name}`];
  }
  if (shape instanceof RegExp) {
    return typeof value === "string" && shape.test(value) ? [] : [`${path}: ${show(value)}, not like ${shape}`];
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || value.length === 0) return [`${path}: ${show(value)}, not an array of something`];
    return value.flatMap((element, index) => differences(element, shape[0], `${path}[${index}]`));
  }
  if (typeof shape === "object") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [`${path}: ${show(value)}, not an object`];
    }
    const unknown = Object.keys(value).filter((key) => !(key in shape));
    return [
      ...Object.keys(shape).flatMap((key) => differences(value[key], shape[key], `${path}.${key}`)),
      ...unknown.map((key) => `${path}.${key}: not a field of this object`),
    ];
  }
  return value === shape ? [] : [`${path}: ${show(value)}, not ${show(shape)}`];
}

const show = (value) => JSON.stringify(value) ?? String(value);
