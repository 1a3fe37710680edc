/** Reads a value that came from elsewhere. @throws TypeError when it is of another shape */
export type Read<T> = (value: unknown) => T;

function refuse(wanted: string): never {
  throw new TypeError(`not ${wanted}`);
}

export const text: Read<string> = (value) => (typeof value === 'string' ? value : refuse('a text'));
export const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : refuse('a boolean'));
export const whole: Read<number> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse('a whole number');
export const bytes: Read<Uint8Array> = (value) => (value instanceof Uint8Array ? value : refuse('bytes'));
export const object: Read<Readonly<Record<string, unknown>>> = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : refuse('an object');

/** One of some texts. */
export const oneOf =
  <const T extends string>(...options: readonly T[]): Read<T> =>
  (value) =>
    options.find((option) => option === value) ?? refuse(options.join(' or '));

/** Exactly this value. */
export const exactly =
  <const T extends string | number | boolean>(wanted: T): Read<T> =>
  (value) =>
    value === wanted ? wanted : refuse(String(wanted));

export const list =
  <T>(item: Read<T>): Read<readonly T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(item) : refuse('a list');

export const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (value) =>
    value === null ? null : read(value);

/** A member that may be left out. */
export const maybe =
  <T>(read: Read<T>): Read<T | undefined> =>
  (value) =>
    value === undefined ? undefined : read(value);

type Fields = Readonly<Record<string, Read<unknown>>>;
type Of<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** An object with these members; others are not looked at. */
export const members =
  <F extends Fields>(fields: F): Read<Of<F>> =>
  (value) => {
    const given = object(value);
    return Object(
      Object.fromEntries(Object.entries(fields).map(([name, read]) => [name, read(given[name])])),
    );
  };

/** An object with these members and no other. */
export const shape = <F extends Fields>(fields: F): Read<Of<F>> => {
  const read = members(fields);
  return (value) => {
    const stranger = Object.keys(object(value)).find((name) => !Object.hasOwn(fields, name));
    return stranger === undefined ? read(value) : refuse(`without ${stranger}`);
  };
};
